import type { Shape } from "@flambeau/backend";
import { type Args, bind, type Tensor } from "@flambeau/tensor";
import { sumRightmost } from "../broadcast.ts";
import * as constraints from "../constraints/index.ts";
import { checkAll, checkDims, type TransformTypes } from "./parts-of.ts";
import { type Sign, Transform } from "./transform.ts";

const INDEPENDENT =
  "IndependentTransform(baseTransform: any, reinterpretedBatchNdims: int, cacheSize: int = 0)";

/**
 * A transform whose last dimensions are one event: how much it stretches is summed over them.
 *
 * @throws ValueError when an argument has too few dimensions.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * const exp = new distributions.IndependentTransform(new distributions.ExpTransform(), 1);
 * const x = tensor([1, 2]);
 * console.log(String(exp.logAbsDetJacobian(x, exp.call(x))));
 * // tensor(3.)
 * ```
 */
export class IndependentTransform extends Transform {
  /** The transform of each event. */
  readonly baseTransform: Transform;
  /** How many dimensions are joined. */
  readonly reinterpretedBatchNdims: number;

  constructor(...args: Args<typeof INDEPENDENT, TransformTypes>) {
    const bound = bind<typeof INDEPENDENT, TransformTypes>(INDEPENDENT, args);
    checkAll("IndependentTransform", [bound.baseTransform]);
    super(bound.cacheSize);
    this.baseTransform = bound.baseTransform.withCache(bound.cacheSize);
    this.reinterpretedBatchNdims = bound.reinterpretedBatchNdims;
  }

  override get domain(): constraints.Constraint {
    return constraints.independent(this.baseTransform.domain, this.reinterpretedBatchNdims);
  }
  override get codomain(): constraints.Constraint {
    return constraints.independent(this.baseTransform.codomain, this.reinterpretedBatchNdims);
  }
  override get bijective(): boolean {
    return this.baseTransform.bijective;
  }
  override get sign(): Sign {
    return this.baseTransform.sign;
  }
  protected override copied(cacheSize: number): Transform {
    return new IndependentTransform(this.baseTransform, this.reinterpretedBatchNdims, cacheSize);
  }
  protected override forward(x: Tensor): Tensor {
    checkDims(x.shape, this.domain.eventDim);
    return this.baseTransform.call(x);
  }
  protected override inverse(y: Tensor): Tensor {
    checkDims(y.shape, this.codomain.eventDim);
    return this.baseTransform.inv.call(y);
  }
  override logAbsDetJacobian(x: Tensor, y: Tensor): Tensor {
    return sumRightmost(this.baseTransform.logAbsDetJacobian(x, y), this.reinterpretedBatchNdims);
  }
  override forwardShape(shape: Shape): Shape {
    return this.baseTransform.forwardShape(shape);
  }
  override inverseShape(shape: Shape): Shape {
    return this.baseTransform.inverseShape(shape);
  }
  override toString(): string {
    return `IndependentTransform(${this.baseTransform}, ${this.reinterpretedBatchNdims})`;
  }
}
