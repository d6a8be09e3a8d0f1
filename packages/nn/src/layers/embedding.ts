import { noGrad } from "@flambeau/autograd";
import { type DType, formatShape, quote, ShapeError, ValueError } from "@flambeau/backend";
import { empty, type Tensor } from "@flambeau/tensor";
import { embedding, paddingRow } from "../functional/embedding.ts";
import { normal_ } from "../init/index.ts";
import { Module } from "../module/module.ts";
import { Parameter } from "../parameter.ts";

/** Options of `Embedding`. */
export interface EmbeddingLayerOptions {
  /** A row that starts at zero and is not trained; counts from the end if negative. Default none. */
  readonly paddingIdx?: number | null;
  /** The dtype of the vectors. Default: the default dtype. */
  readonly dtype?: DType;
  /** Where they are. Default "cpu". */
  readonly device?: string;
}

/**
 * A learned row of `embeddingDim` numbers for each of `numEmbeddings` indices: `[...]` integers to
 * `[..., embeddingDim]`. Rows start normal, PyTorch's values for the same seed.
 *
 * @throws ValueError when a size or `paddingIdx` is out of range. Calls: IndexError when an index is; DTypeError when
 *   the input is no integers.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const layer = new nn.Embedding(10, 3, { paddingIdx: 0 });
 * console.log(String(layer));
 * // Embedding(10, 3, padding_idx=0)
 * console.log(layer(tensor([[1n, 2n], [4n, 0n]])).shape.join());
 * // 2,2,3
 * ```
 */
export class Embedding extends Module {
  /** How many vectors there are. */
  readonly numEmbeddings: number;
  /** The size of each vector. */
  readonly embeddingDim: number;
  /** The index whose vector gets no gradient, or null. */
  readonly paddingIdx: number | null;
  /** The vectors: `[numEmbeddings, embeddingDim]`. */
  weight: Parameter;

  constructor(numEmbeddings: number, embeddingDim: number, options: EmbeddingLayerOptions = {}) {
    super();
    for (const size of [numEmbeddings, embeddingDim]) {
      if (!Number.isInteger(size) || size < 0)
        throw new ValueError(`Embedding takes sizes; got ${quote(size)}`);
    }
    const { dtype, device } = options;
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    this.paddingIdx = paddingRow(options.paddingIdx, numEmbeddings);
    this.weight = new Parameter(empty([numEmbeddings, embeddingDim], { dtype, device }));
    this.resetParameters();
  }

  /**
   * An embedding whose rows are given, and frozen unless told.
   *
   * @throws ShapeError when they are no matrix.
   */
  static fromPretrained(
    embeddings: Tensor,
    options: { readonly freeze?: boolean; readonly paddingIdx?: number | null } = {},
  ): Embedding {
    if (embeddings.ndim !== 2) {
      throw new ShapeError(
        `Embedding.fromPretrained takes rows [rows, size]; got shape ${formatShape(embeddings.shape)}`,
      );
    }
    const [rows, size] = embeddings.shape;
    const layer = new Embedding(0, 0);
    const fields = {
      numEmbeddings: rows,
      embeddingDim: size,
      paddingIdx: paddingRow(options.paddingIdx, rows),
    };
    Object.assign(layer, fields);
    layer.weight = new Parameter(embeddings.detach(), { requiresGrad: !(options.freeze ?? true) });
    return layer;
  }

  /** Draws new initial values. */
  resetParameters(): void {
    normal_(this.weight);
    const { paddingIdx } = this;
    if (paddingIdx !== null) noGrad(() => this.weight.select(0, paddingIdx).zero_());
  }

  override forward(x: Tensor): Tensor {
    return embedding(x, this.weight, this);
  }

  override extraRepr(): string {
    const padding = this.paddingIdx === null ? "" : `, padding_idx=${this.paddingIdx}`;
    return `${this.numEmbeddings}, ${this.embeddingDim}${padding}`;
  }
}
