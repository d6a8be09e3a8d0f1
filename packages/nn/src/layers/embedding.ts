import { noGrad } from "@flambeau/autograd";
import { type DType, formatShape, quote, ShapeError, ValueError } from "@flambeau/backend";
import { type Args, bind, empty, type Tensor } from "@flambeau/tensor";
import { checkNorm, embedding, paddingRow } from "../functional/embedding.ts";
import { normal_ } from "../init/index.ts";
import { Module } from "../module/module.ts";
import { boolText, numberText } from "../module/text.ts";
import { Parameter } from "../parameter.ts";

/** How an `Embedding` looks rows up. */
interface LookupOptions {
  /** A row that is not trained, and starts at zero where rows are drawn; counts from the end if negative. Default none. */
  readonly paddingIdx?: number | null;
  /** Rows that are looked up and longer than this are shortened to it, in the weight itself. Default none. */
  readonly maxNorm?: number | null;
  /** The p of the p-norm that `maxNorm` is about. Default 2. */
  readonly normType?: number;
  /** Divide the gradient of a row by the number of times that its index is in the input. Default false. */
  readonly scaleGradByFreq?: boolean;
}

/** Options of `Embedding`. */
export interface EmbeddingLayerOptions extends LookupOptions {
  /** The dtype of the vectors. Default: the default dtype. */
  readonly dtype?: DType;
  /** Where they are. Default "cpu". */
  readonly device?: string;
}

/** Options of `Embedding.fromPretrained`. */
export interface FromPretrainedOptions extends LookupOptions {
  /** Do not train the rows. Default true. */
  readonly freeze?: boolean;
}

const EMBEDDING =
  "Embedding(numEmbeddings: int, embeddingDim: int, paddingIdx?: int, maxNorm?, normType = 2, scaleGradByFreq = false, *, device?, dtype?)";

/**
 * A learned row of `embeddingDim` numbers for each of `numEmbeddings` indices: `[...]` integers to
 * `[..., embeddingDim]`. Rows start normal, PyTorch's values for the same seed.
 *
 * @throws ValueError when a size or `paddingIdx` is out of range, or `maxNorm` or `normType` is no number. Calls: IndexError when an index is; DTypeError when
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
  /** The length that rows are shortened to when they are looked up, or null. */
  readonly maxNorm: number | null;
  /** The p of the p-norm that `maxNorm` is about. */
  readonly normType: number;
  /** Whether gradients are divided by how often their row was looked up. */
  readonly scaleGradByFreq: boolean;
  /** The vectors: `[numEmbeddings, embeddingDim]`. */
  weight: Parameter;

  constructor(...args: Args<typeof EMBEDDING, EmbeddingLayerOptions>) {
    super();
    const { numEmbeddings, embeddingDim, paddingIdx, maxNorm, normType, scaleGradByFreq, device, dtype } =
      bind<typeof EMBEDDING, EmbeddingLayerOptions>(EMBEDDING, args);
    for (const size of [numEmbeddings, embeddingDim]) {
      if (!Number.isInteger(size) || size < 0)
        throw new ValueError(`Embedding takes sizes; got ${quote(size)}`);
    }
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    this.paddingIdx = paddingRow(paddingIdx, numEmbeddings);
    this.maxNorm = maxNorm ?? null;
    this.normType = normType;
    this.scaleGradByFreq = scaleGradByFreq;
    checkNorm(this.maxNorm, this.normType);
    this.weight = new Parameter(empty([numEmbeddings, embeddingDim], { dtype, device }));
    this.resetParameters();
  }

  /**
   * An embedding whose rows are given, and frozen unless told.
   *
   * @throws ShapeError when they are no matrix.
   */
  static fromPretrained(embeddings: Tensor, options: FromPretrainedOptions = {}): Embedding {
    if (embeddings.ndim !== 2) {
      throw new ShapeError(
        `Embedding.fromPretrained takes rows [rows, size]; got shape ${formatShape(embeddings.shape)}`,
      );
    }
    const [rows, size] = embeddings.shape;
    const { freeze = true, paddingIdx, ...lookup } = options;
    const layer = new Embedding(0, 0, lookup);
    const fields = { numEmbeddings: rows, embeddingDim: size, paddingIdx: paddingRow(paddingIdx, rows) };
    Object.assign(layer, fields);
    layer.weight = new Parameter(embeddings.detach(), { requiresGrad: !freeze });
    return layer;
  }

  /** Draws new initial values. */
  resetParameters(): void {
    normal_(this.weight);
    const { paddingIdx } = this;
    if (paddingIdx !== null) noGrad(() => this.weight.select(0, paddingIdx).zero_());
  }

  override forward(x: Tensor): Tensor {
    const { weight, paddingIdx, maxNorm, normType, scaleGradByFreq } = this;
    return embedding(x, weight, { paddingIdx, maxNorm, normType, scaleGradByFreq });
  }

  override extraRepr(): string {
    const parts = [`${this.numEmbeddings}, ${this.embeddingDim}`];
    if (this.paddingIdx !== null) parts.push(`padding_idx=${this.paddingIdx}`);
    if (this.maxNorm !== null) parts.push(`max_norm=${numberText(this.maxNorm)}`);
    if (this.normType !== 2) parts.push(`norm_type=${numberText(this.normType)}`);
    if (this.scaleGradByFreq) parts.push(`scale_grad_by_freq=${boolText(true)}`);
    return parts.join(", ");
  }
}
