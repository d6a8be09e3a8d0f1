import { markClass, type Shape, ValueError } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";
import type { Constraint } from "../constraints/index.ts";
import { COPY } from "../copy.ts";
import { NotImplementedError } from "../errors.ts";

/** The sign of a derivative: everywhere the same, or one for each element. */
export type Sign = number | Tensor;

/**
 * The base of functions of random variables: `torch.distributions.transforms.Transform`. `transform.call(x)` computes `y`,
 * `transform.inv.call(y)` the `x` it comes from, and `logAbsDetJacobian(x, y)` how much it stretches.
 *
 * With `cacheSize` 1 the last pair is kept, so that the inverse of a result is what it was computed from, to the last digit. One of
 * your own extends it with `domain`, `codomain`, `forward`, `inverse` and `logAbsDetJacobian`.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * const exp = new distributions.ExpTransform();
 * const y = exp.call(tensor([0, 1]));
 * console.log(String(y), String(exp.inv.call(y)));
 * // tensor([1.0000, 2.7183]) tensor([0.0000, 1.0000])
 * ```
 */
export abstract class Transform {
  /** How many pairs of an argument and its result are kept: 0 or 1. */
  readonly cacheSize: number;
  #inverse: Transform | null = null;
  #kept: readonly [x: Tensor, y: Tensor] | null = null;

  /** @throws ValueError when `cacheSize` is neither 0 nor 1. */
  constructor(cacheSize: number = 0) {
    if (cacheSize !== 0 && cacheSize !== 1) throw new ValueError("cacheSize must be 0 or 1");
    this.cacheSize = cacheSize;
  }

  /** What it takes. */
  abstract get domain(): Constraint;
  /** What it gives. */
  abstract get codomain(): Constraint;
  /** Whether each result comes from one argument alone. */
  get bijective(): boolean {
    return false;
  }

  /** The sign of the derivative. */
  get sign(): Sign {
    throw new NotImplementedError(`${this.constructor.name} has no sign`);
  }

  /** How many dimensions are one event. */
  get eventDim(): number {
    const { domain, codomain } = this;
    if (domain.eventDim !== codomain.eventDim)
      throw new ValueError(`${this.constructor.name} has no eventDim but those of domain and codomain`);
    return domain.eventDim;
  }

  /** The function that undoes it. */
  get inv(): Transform {
    this.#inverse ??= new InverseTransform(this);
    return this.#inverse;
  }

  /** The same function with another cache. */
  withCache(cacheSize: number = 1): Transform {
    return cacheSize === this.cacheSize ? this : this.copied(cacheSize);
  }

  /** @internal */
  protected copied(cacheSize: number): Transform {
    return new (this.constructor as new (cacheSize: number) => Transform)(cacheSize);
  }

  /** The result for an argument. */
  call(x: Tensor): Tensor {
    if (this.cacheSize === 0) return this.forward(x);
    if (this.#kept?.[0] === x) return this.#kept[1];
    const y = this.forward(x);
    this.#kept = [x, y];
    return y;
  }

  /** The argument of a result. @internal */
  callInverse(y: Tensor): Tensor {
    if (this.cacheSize === 0) return this.inverse(y);
    if (this.#kept?.[1] === y) return this.#kept[0];
    const x = this.inverse(y);
    this.#kept = [x, y];
    return x;
  }

  /** Computes a result. */
  protected forward(_x: Tensor): Tensor {
    throw new NotImplementedError(`${this.constructor.name} has no forward`);
  }

  /** Computes the argument of a result. */
  protected inverse(_y: Tensor): Tensor {
    throw new NotImplementedError(`${this.constructor.name} has no inverse`);
  }

  /** The logarithm of the absolute determinant of the derivative, for an argument and its result. */
  logAbsDetJacobian(_x: Tensor, _y: Tensor): Tensor {
    throw new NotImplementedError(`${this.constructor.name} has no logAbsDetJacobian`);
  }

  /** The shape of the result of an argument of a shape. */
  forwardShape(shape: Shape): Shape {
    return shape;
  }

  /** The shape of the argument of a result of a shape. */
  inverseShape(shape: Shape): Shape {
    return shape;
  }

  /** Whether another one computes the same. */
  equals(other: Transform): boolean {
    return this === other;
  }

  /** PyTorch's text. */
  toString(): string {
    return `${this.constructor.name}()`;
  }
}
markClass(Transform.prototype, "Transform", COPY);

/** What undoes another one. */
class InverseTransform extends Transform {
  readonly #undone: Transform;

  constructor(undone: Transform) {
    super(undone.cacheSize);
    this.#undone = undone;
  }

  override get domain(): Constraint {
    return this.#undone.codomain;
  }
  override get codomain(): Constraint {
    return this.#undone.domain;
  }
  override get bijective(): boolean {
    return this.#undone.bijective;
  }
  override get sign(): Sign {
    return this.#undone.sign;
  }
  override get inv(): Transform {
    return this.#undone;
  }
  override withCache(cacheSize: number = 1): Transform {
    return this.#undone.withCache(cacheSize).inv;
  }
  override call(x: Tensor): Tensor {
    return this.#undone.callInverse(x);
  }
  override callInverse(y: Tensor): Tensor {
    return this.#undone.call(y);
  }
  override logAbsDetJacobian(x: Tensor, y: Tensor): Tensor {
    return this.#undone.logAbsDetJacobian(y, x).neg();
  }
  override forwardShape(shape: Shape): Shape {
    return this.#undone.inverseShape(shape);
  }
  override inverseShape(shape: Shape): Shape {
    return this.#undone.forwardShape(shape);
  }
  override equals(other: Transform): boolean {
    return other instanceof InverseTransform && this.#undone.equals(other.#undone);
  }
  override toString(): string {
    // Python's name of the class, which is private there.
    return `_InverseTransform(${this.#undone})`;
  }
}

/** A product of signs. */
export function signOf(transforms: readonly Transform[]): Sign {
  let sign: Sign = 1;
  for (const { sign: next } of transforms) {
    if (typeof next === "number") sign = typeof sign === "number" ? sign * next : sign.mul(next);
    else sign = next.mul(sign);
  }
  return sign;
}

/** A probability below a value, of a distribution whose variable rises, or falls, with another's. */
export function monotone(probability: Tensor, sign: Sign): Tensor {
  return sign === 1 ? probability : probability.sub(0.5).mul(sign).add(0.5);
}
