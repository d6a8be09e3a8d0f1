import { noGrad } from "@flambeau/autograd";
import { type DType, formatShape, quote, ShapeError, sameShape, ValueError } from "@flambeau/backend";
import { type Args, bind, empty, type Tensor } from "@flambeau/tensor";
import { checkNorm, paddingRow } from "../functional/embedding.ts";
import { embeddingBag } from "../functional/embedding-bag.ts";
import { normal_ } from "../init/index.ts";
import { Module } from "../module/module.ts";
import { boolText, numberText } from "../module/text.ts";
import { Parameter } from "../parameter.ts";

type Mode = "mean" | "sum" | "max";

interface Types {
  /** Rows that are longer than this are shortened to it, in the weight itself. Default none. */
  readonly maxNorm?: number | null;
  /** How the rows of a bag are joined. Default "mean". */
  readonly mode?: Mode;
  /** A row that counts in no bag and is not trained. Default none. */
  readonly paddingIdx?: number | null;
  /** The dtype of the rows. Default: the default dtype. */
  readonly dtype?: DType;
  /** Where they are. Default "cpu". */
  readonly device?: string;
}

const EMBEDDING_BAG =
  "EmbeddingBag(numEmbeddings: int, embeddingDim: int, maxNorm?, normType = 2, scaleGradByFreq = false, mode: 'mean'|'sum'|'max' = 'mean', sparse: bool = false, _weight?: tensor, includeLastOffset = false, paddingIdx?: int, *, device?, dtype?)";

/**
 * The mean, sum or largest elements of the learned rows that each bag of indices names. Rows start normal, PyTorch's values for the
 * same seed. See `functional.embeddingBag`.
 *
 * @throws ValueError when a size or `paddingIdx` is out of range, or `sparse` is true; ShapeError when `_weight` has another shape.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const layer = new nn.EmbeddingBag(10, 3, { mode: "sum" });
 * console.log(String(layer), layer(tensor([1n, 2n, 4n]), tensor([0n, 2n])).shape.join());
 * // EmbeddingBag(10, 3, mode=sum) 2,3
 * ```
 */
export class EmbeddingBag extends Module {
  /** How many rows there are. */
  readonly numEmbeddings: number;
  /** The size of each row. */
  readonly embeddingDim: number;
  /** The length that rows are shortened to, or null. */
  readonly maxNorm: number | null;
  /** The p of the p-norm that `maxNorm` is about. */
  readonly normType: number;
  /** Whether gradients are divided by how often their row was looked up. */
  readonly scaleGradByFreq: boolean;
  /** How the rows of a bag are joined. */
  readonly mode: Mode;
  /** Whether the last offset is the number of indices. */
  readonly includeLastOffset: boolean;
  /** The row that counts in no bag, or null. */
  readonly paddingIdx: number | null;
  /** The rows: `[numEmbeddings, embeddingDim]`. */
  weight: Parameter;

  constructor(...args: Args<typeof EMBEDDING_BAG, Types>) {
    super();
    const bound = bind<typeof EMBEDDING_BAG, Types>(EMBEDDING_BAG, args);
    const { numEmbeddings, embeddingDim, dtype, device } = bound;
    for (const size of [numEmbeddings, embeddingDim]) {
      if (!Number.isInteger(size) || size < 0)
        throw new ValueError(`EmbeddingBag takes sizes; got ${quote(size)}`);
    }
    if (bound.sparse)
      throw new ValueError("EmbeddingBag: there are no sparse gradients here; leave sparse out");
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    this.maxNorm = bound.maxNorm ?? null;
    this.normType = bound.normType;
    this.scaleGradByFreq = bound.scaleGradByFreq;
    this.mode = bound.mode ?? "mean";
    this.includeLastOffset = bound.includeLastOffset;
    this.paddingIdx = paddingRow(bound.paddingIdx, numEmbeddings);
    checkNorm(this.maxNorm, this.normType);
    const given = bound._weight ?? null;
    if (given !== null && !sameShape(given.shape, [numEmbeddings, embeddingDim]))
      throw new ShapeError(
        `EmbeddingBag: _weight has shape ${formatShape([numEmbeddings, embeddingDim])}; got ${formatShape(given.shape)}`,
      );
    this.weight = new Parameter(given ?? empty([numEmbeddings, embeddingDim], { dtype, device }));
    if (given === null) this.resetParameters();
  }

  /** Draws new initial values. */
  resetParameters(): void {
    normal_(this.weight);
    const { paddingIdx } = this;
    if (paddingIdx !== null) noGrad(() => this.weight.select(0, paddingIdx).zero_());
  }

  override forward(x: Tensor, offsets: Tensor | null = null, perSampleWeights: Tensor | null = null): Tensor {
    const { weight, maxNorm, normType, scaleGradByFreq, mode, includeLastOffset, paddingIdx } = this;
    return embeddingBag(x, weight, offsets, {
      ...{ maxNorm, normType, scaleGradByFreq, mode, perSampleWeights, includeLastOffset, paddingIdx },
    });
  }

  override extraRepr(): string {
    const parts = [`${this.numEmbeddings}, ${this.embeddingDim}`];
    if (this.maxNorm !== null) parts.push(`max_norm=${numberText(this.maxNorm)}`);
    if (this.normType !== 2) parts.push(`norm_type=${numberText(this.normType)}`);
    if (this.scaleGradByFreq) parts.push(`scale_grad_by_freq=${boolText(true)}`);
    parts.push(`mode=${this.mode}`);
    if (this.paddingIdx !== null) parts.push(`padding_idx=${this.paddingIdx}`);
    return parts.join(", ");
  }
}
