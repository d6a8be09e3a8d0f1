import { broadcastShapes, type Shape } from "@flambeau/backend";
import { type Args, bind, fullLike, type Operand, Tensor } from "@flambeau/tensor";
import { broadcastAll, sumRightmost } from "../broadcast.ts";
import * as constraints from "../constraints/index.ts";
import { type Sign, Transform } from "./transform.ts";

function shapeOf(x: Operand): Shape {
  return x instanceof Tensor ? x.shape : [];
}

function same(a: Operand, b: Operand): boolean {
  if (a === b || !(a instanceof Tensor || b instanceof Tensor)) return a === b;
  const [x, y] = broadcastAll(a, b);
  return x.detach().eq(y.detach()).all().itemSync<boolean>();
}

const AFFINE = "AffineTransform(loc: operand, scale: operand, eventDim: int = 0, cacheSize: int = 0)";

/**
 * `y = loc + scale * x`; the last `eventDim` dimensions are one event.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(new distributions.AffineTransform(1, 2).call(tensor([0, 1]))));
 * // tensor([1., 3.])
 * ```
 */
export class AffineTransform extends Transform {
  /** What is added. */
  readonly loc: Operand;
  /** What is multiplied with. */
  readonly scale: Operand;
  readonly #eventDim: number;

  constructor(...args: Args<typeof AFFINE>) {
    const { loc, scale, eventDim, cacheSize } = bind(AFFINE, args);
    super(cacheSize);
    this.loc = loc;
    this.scale = scale;
    this.#eventDim = eventDim;
  }

  override get eventDim(): number {
    return this.#eventDim;
  }
  override get domain(): constraints.Constraint {
    return this.#eventDim === 0
      ? constraints.real
      : constraints.independent(constraints.real, this.#eventDim);
  }
  override get codomain(): constraints.Constraint {
    return this.domain;
  }
  override get bijective(): boolean {
    return true;
  }
  override get sign(): Sign {
    return this.scale instanceof Tensor ? this.scale.sign() : Math.sign(Number(this.scale));
  }
  protected override copied(cacheSize: number): Transform {
    return new AffineTransform(this.loc, this.scale, this.#eventDim, cacheSize);
  }
  protected override forward(x: Tensor): Tensor {
    return x.mul(this.scale).add(this.loc);
  }
  protected override inverse(y: Tensor): Tensor {
    return y.sub(this.loc).div(this.scale);
  }
  override logAbsDetJacobian(x: Tensor): Tensor {
    const { scale } = this;
    const slope =
      scale instanceof Tensor ? scale.abs().log() : fullLike(x, Math.log(Math.abs(Number(scale))));
    const events = this.#eventDim;
    return sumRightmost(slope.expand(broadcastShapes(slope.shape, x.shape)), events);
  }
  override forwardShape(shape: Shape): Shape {
    return broadcastShapes(broadcastShapes(shape, shapeOf(this.loc)), shapeOf(this.scale));
  }
  override inverseShape(shape: Shape): Shape {
    return this.forwardShape(shape);
  }
  override equals(other: Transform): boolean {
    return other instanceof AffineTransform && same(this.loc, other.loc) && same(this.scale, other.scale);
  }
}

const POWER = "PowerTransform(exponent: operand, cacheSize: int = 0)";

/**
 * `y = x^exponent` of positive numbers.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(new distributions.PowerTransform(2).call(tensor([1, 3]))));
 * // tensor([1., 9.])
 * ```
 */
export class PowerTransform extends Transform {
  /** The exponent. */
  readonly exponent: Tensor;

  constructor(...args: Args<typeof POWER>) {
    const { exponent, cacheSize } = bind(POWER, args);
    super(cacheSize);
    [this.exponent] = broadcastAll(exponent);
  }

  override get domain(): constraints.Constraint {
    return constraints.positive;
  }
  override get codomain(): constraints.Constraint {
    return constraints.positive;
  }
  override get bijective(): boolean {
    return true;
  }
  override get sign(): number {
    return 1;
  }
  protected override copied(cacheSize: number): Transform {
    return new PowerTransform(this.exponent, cacheSize);
  }
  protected override forward(x: Tensor): Tensor {
    return x.pow(this.exponent);
  }
  protected override inverse(y: Tensor): Tensor {
    return y.pow(this.exponent.reciprocal());
  }
  override logAbsDetJacobian(x: Tensor, y: Tensor): Tensor {
    return this.exponent.mul(y).div(x).abs().log();
  }
  override forwardShape(shape: Shape): Shape {
    return broadcastShapes(shape, this.exponent.shape);
  }
  override inverseShape(shape: Shape): Shape {
    return broadcastShapes(shape, this.exponent.shape);
  }
  override equals(other: Transform): boolean {
    return other instanceof PowerTransform && same(this.exponent, other.exponent);
  }
}
