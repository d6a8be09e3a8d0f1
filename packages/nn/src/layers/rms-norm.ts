import { type DType, quote, type Shape, ValueError } from "@flambeau/backend";
import { type Args, bind, ones, type Tensor } from "@flambeau/tensor";
import { rmsNorm } from "../functional/rms-norm.ts";
import { Module } from "../module/module.ts";
import { boolText, floatText, tupleText } from "../module/text.ts";
import { Parameter } from "../parameter.ts";

interface Types {
  /** The last sizes, over which the mean square is taken: one, or several. */
  readonly normalizedShape: number | Shape;
  /** What is added to the mean square. Default: the rounding of the input's dtype. */
  readonly eps?: number | null;
  /** Learn a factor for each element. Default true. */
  readonly elementwiseAffine?: boolean;
  /** The dtype of the weight. Default: the default dtype. */
  readonly dtype?: DType;
  /** Where the weight is. Default "cpu". */
  readonly device?: string;
}

const RMS_NORM =
  "RMSNorm(normalizedShape: int|ints, eps?: number, elementwiseAffine = true, *, device?, dtype?)";

/**
 * Elements divided by their root mean square over the last dimensions, times a learned weight. See `functional.rmsNorm`.
 *
 * @throws ValueError when a size is no integer from 1. Calls: ShapeError when the input does not end in the sizes.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const norm = new nn.RMSNorm(2);
 * console.log(String(norm), String(norm(tensor([[3, 4]])).detach()));
 * // RMSNorm((2,), eps=None, elementwise_affine=True) tensor([[0.8485, 1.1314]])
 * ```
 */
export class RMSNorm extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;
  /** The last sizes, over which the mean square is taken. */
  readonly normalizedShape: Shape;
  /** What is added to the mean square, or null. */
  readonly eps: number | null;
  /** Whether there is a learned factor for each element. */
  readonly elementwiseAffine: boolean;
  /** A factor for each element, or null. */
  weight: Parameter | null;

  constructor(...args: Args<typeof RMS_NORM, Types>) {
    super();
    const bound = bind<typeof RMS_NORM, Types>(RMS_NORM, args);
    const { normalizedShape: given, elementwiseAffine = true, dtype, device } = bound;
    const shape = typeof given === "number" ? [given] : [...given];
    if (shape.length === 0 || !shape.every((size) => Number.isInteger(size) && size > 0))
      throw new ValueError(`RMSNorm takes sizes from 1; got ${quote(given)}`);
    this.normalizedShape = shape;
    this.eps = bound.eps ?? null;
    this.elementwiseAffine = elementwiseAffine;
    this.weight = elementwiseAffine ? new Parameter(ones(shape, { dtype, device })) : null;
  }

  override forward(x: Tensor): Tensor {
    return rmsNorm(x, this.normalizedShape, this.weight, this.eps);
  }

  override extraRepr(): string {
    const eps = this.eps === null ? "None" : floatText(this.eps);
    return `${tupleText(this.normalizedShape)}, eps=${eps}, elementwise_affine=${boolText(this.elementwiseAffine)}`;
  }
}
