/** Transforms made of others. */
import { type Shape, sameShape, ValueError } from "@flambeau/backend";
import { type Args, bind, cat, stack, type Tensor, zerosLike } from "@flambeau/tensor";
import { sumRightmost } from "../broadcast.ts";
import * as constraints from "../constraints.ts";
import { type Sign, signOf, Transform } from "./transform.ts";

/** What the signatures of transforms made of others take. */
export interface TransformTypes {
  /** The transforms, in the order in which they are applied. */
  readonly parts: readonly Transform[];
  /** The transforms of the parts of a dimension. */
  readonly tseq: readonly Transform[];
  /** The transform of each event. */
  readonly baseTransform: Transform;
}

function checkAll(what: string, transforms: readonly Transform[]): void {
  if (!Array.isArray(transforms) || transforms.some((one) => !(one instanceof Transform)))
    throw new ValueError(`${what} takes an array of transforms`);
}

const COMPOSE = "ComposeTransform(parts: any, cacheSize: int = 0)";

/**
 * Several transforms, one after the other.
 *
 * @throws ValueError when one of them is no transform.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * const { AffineTransform, ComposeTransform, ExpTransform } = distributions;
 * const both = new ComposeTransform([new AffineTransform(0, 2), new ExpTransform()]);
 * console.log(String(both.call(tensor([0, 1]))));
 * // tensor([1.0000, 7.3891])
 * ```
 */
export class ComposeTransform extends Transform {
  /** The transforms, in the order in which they are applied. */
  readonly parts: readonly Transform[];
  #undoing: Transform | null = null;

  constructor(...args: Args<typeof COMPOSE, TransformTypes>) {
    const { parts, cacheSize } = bind<typeof COMPOSE, TransformTypes>(COMPOSE, args);
    checkAll("ComposeTransform", parts);
    super(cacheSize);
    this.parts = cacheSize === 0 ? parts : parts.map((part) => part.withCache(cacheSize));
  }

  override get domain(): constraints.Constraint {
    const { parts } = this;
    if (parts.length === 0) return constraints.real;
    let events = parts[parts.length - 1].codomain.eventDim;
    for (const { domain, codomain } of [...parts].reverse())
      events = Math.max(events + domain.eventDim - codomain.eventDim, domain.eventDim);
    return widened(parts[0].domain, events);
  }
  override get codomain(): constraints.Constraint {
    const { parts } = this;
    if (parts.length === 0) return constraints.real;
    let events = parts[0].domain.eventDim;
    for (const { domain, codomain } of parts)
      events = Math.max(events + codomain.eventDim - domain.eventDim, codomain.eventDim);
    return widened(parts[parts.length - 1].codomain, events);
  }
  override get bijective(): boolean {
    return this.parts.every(({ bijective }) => bijective);
  }
  override get sign(): Sign {
    return signOf(this.parts);
  }
  override get inv(): Transform {
    if (this.#undoing === null) {
      const undoing = new ComposeTransform([...this.parts].reverse().map(({ inv }) => inv));
      undoing.#undoing = this;
      this.#undoing = undoing;
    }
    return this.#undoing;
  }
  protected override copied(cacheSize: number): Transform {
    return new ComposeTransform(this.parts, cacheSize);
  }
  override call(x: Tensor): Tensor {
    return this.parts.reduce((y, part) => part.call(y), x);
  }
  override callInverse(y: Tensor): Tensor {
    return this.inv.call(y);
  }
  override logAbsDetJacobian(x: Tensor, y: Tensor): Tensor {
    if (this.parts.length === 0) return zerosLike(x);
    let events = this.domain.eventDim;
    let sum: Tensor | null = null;
    let before = x;
    this.parts.forEach((part, i) => {
      const after = i === this.parts.length - 1 ? y : part.call(before);
      const term = sumRightmost(part.logAbsDetJacobian(before, after), events - part.domain.eventDim);
      sum = sum === null ? term : sum.add(term);
      events += part.codomain.eventDim - part.domain.eventDim;
      before = after;
    });
    return sum as unknown as Tensor;
  }
  override forwardShape(shape: Shape): Shape {
    return this.parts.reduce((current, part) => part.forwardShape(current), shape);
  }
  override inverseShape(shape: Shape): Shape {
    return this.parts.reduceRight((current, part) => part.inverseShape(current), shape);
  }
  override equals(other: Transform): boolean {
    return (
      other instanceof ComposeTransform &&
      other.parts.length === this.parts.length &&
      this.parts.every((part, i) => part.equals(other.parts[i]))
    );
  }
  override toString(): string {
    return `ComposeTransform(\n    ${this.parts.join(",\n    ")}\n)`;
  }
}

function widened(constraint: constraints.Constraint, events: number): constraints.Constraint {
  return events > constraint.eventDim
    ? constraints.independent(constraint, events - constraint.eventDim)
    : constraint;
}

/** `y = x`. */
export const identityTransform: Transform = new ComposeTransform([]);

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

/** @throws ValueError when a shape has fewer dimensions. */
export function checkDims(shape: Shape, least: number): void {
  if (shape.length < least)
    throw new ValueError(`too few dimensions on input: ${shape.length}, and an event has ${least}`);
}

const RESHAPE = "ReshapeTransform(inShape: ints, outShape: ints, cacheSize: int = 0)";

/**
 * Events of one shape as events of another.
 *
 * @throws ValueError when the shapes have different numbers of elements.
 *
 * @example
 * ```ts
 * import { distributions, ones } from "flambeau";
 *
 * console.log(new distributions.ReshapeTransform([4], [2, 2]).call(ones([3, 4])).shape.join());
 * // 3,2,2
 * ```
 */
export class ReshapeTransform extends Transform {
  /** The shape of an argument. */
  readonly inShape: Shape;
  /** The shape of a result. */
  readonly outShape: Shape;

  constructor(...args: Args<typeof RESHAPE>) {
    const { inShape, outShape, cacheSize } = bind(RESHAPE, args);
    const count = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);
    if (count(inShape) !== count(outShape))
      throw new ValueError(
        `ReshapeTransform: inShape [${inShape}] and outShape [${outShape}] have different numbers of elements`,
      );
    super(cacheSize);
    this.inShape = inShape;
    this.outShape = outShape;
  }

  override get domain(): constraints.Constraint {
    return constraints.independent(constraints.real, this.inShape.length);
  }
  override get codomain(): constraints.Constraint {
    return constraints.independent(constraints.real, this.outShape.length);
  }
  override get bijective(): boolean {
    return true;
  }
  protected override copied(cacheSize: number): Transform {
    return new ReshapeTransform(this.inShape, this.outShape, cacheSize);
  }
  protected override forward(x: Tensor): Tensor {
    return x.reshape([...x.shape.slice(0, x.ndim - this.inShape.length), ...this.outShape]);
  }
  protected override inverse(y: Tensor): Tensor {
    return y.reshape([...y.shape.slice(0, y.ndim - this.outShape.length), ...this.inShape]);
  }
  override logAbsDetJacobian(x: Tensor): Tensor {
    return sumRightmost(zerosLike(x), this.inShape.length);
  }
  override forwardShape(shape: Shape): Shape {
    return replaced(shape, this.inShape, this.outShape);
  }
  override inverseShape(shape: Shape): Shape {
    return replaced(shape, this.outShape, this.inShape);
  }
}

function replaced(shape: Shape, from: Shape, to: Shape): Shape {
  checkDims(shape, from.length);
  const cut = shape.length - from.length;
  if (!sameShape(shape.slice(cut), from))
    throw new ValueError(`shape mismatch: expected [${from}] but got [${shape.slice(cut)}]`);
  return [...shape.slice(0, cut), ...to];
}

const CAT = "CatTransform(tseq: any, dim: int = 0, lengths?: ints, cacheSize: int = 0)";

/**
 * A transform for each part of a dimension, of these lengths (1 each).
 *
 * @throws ValueError when there are not as many lengths as transforms, or the dimension is not as long as they are together.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * const { AbsTransform, CatTransform, ExpTransform } = distributions;
 * const parts = new CatTransform([new AbsTransform(), new ExpTransform()], 0, [2, 1]);
 * console.log(String(parts.call(tensor([-1, -2, 0]))));
 * // tensor([1., 2., 1.])
 * ```
 */
export class CatTransform extends Transform {
  /** The transforms. */
  readonly transforms: readonly Transform[];
  /** Along which dimension the parts lie. */
  readonly dim: number;
  /** How long the parts are. */
  readonly lengths: readonly number[];

  constructor(...args: Args<typeof CAT, TransformTypes>) {
    const { tseq, dim, lengths, cacheSize } = bind<typeof CAT, TransformTypes>(CAT, args);
    checkAll("CatTransform", tseq);
    const sizes = lengths ?? tseq.map(() => 1);
    if (sizes.length !== tseq.length)
      throw new ValueError(`CatTransform: ${tseq.length} transforms have ${sizes.length} lengths`);
    super(cacheSize);
    this.transforms = cacheSize === 0 ? tseq : tseq.map((one) => one.withCache(cacheSize));
    this.dim = dim;
    this.lengths = sizes;
  }

  override get eventDim(): number {
    return Math.max(...this.transforms.map(({ eventDim }) => eventDim));
  }
  /** How long the dimension is. */
  get length(): number {
    return this.lengths.reduce((sum, length) => sum + length, 0);
  }
  override get domain(): constraints.Constraint {
    return constraints.cat(
      this.transforms.map(({ domain }) => domain),
      this.dim,
      this.lengths,
    );
  }
  override get codomain(): constraints.Constraint {
    return constraints.cat(
      this.transforms.map(({ codomain }) => codomain),
      this.dim,
      this.lengths,
    );
  }
  override get bijective(): boolean {
    return this.transforms.every(({ bijective }) => bijective);
  }
  protected override copied(cacheSize: number): Transform {
    return new CatTransform(this.transforms, this.dim, this.lengths, cacheSize);
  }
  #parts(x: Tensor): Tensor[] {
    if (x.size(this.dim) !== this.length)
      throw new ValueError(
        `CatTransform: dimension ${this.dim} has ${x.size(this.dim)} of ${this.length} elements`,
      );
    return x.split(this.lengths, this.dim);
  }
  protected override forward(x: Tensor): Tensor {
    return cat(
      this.#parts(x).map((part, i) => this.transforms[i].call(part)),
      this.dim,
    );
  }
  protected override inverse(y: Tensor): Tensor {
    return cat(
      this.#parts(y).map((part, i) => this.transforms[i].inv.call(part)),
      this.dim,
    );
  }
  override logAbsDetJacobian(x: Tensor, y: Tensor): Tensor {
    const ys = this.#parts(y);
    const terms = this.#parts(x).map((part, i) => {
      const transform = this.transforms[i];
      return sumRightmost(transform.logAbsDetJacobian(part, ys[i]), this.eventDim - transform.eventDim);
    });
    const dim = (this.dim < 0 ? this.dim : this.dim - x.ndim) + this.eventDim;
    return dim < 0 ? cat(terms, dim) : terms.reduce((sum, term) => sum.add(term));
  }
}

const STACK = "StackTransform(tseq: any, dim: int = 0, cacheSize: int = 0)";

/**
 * A transform for each slice along a dimension.
 *
 * @throws ValueError when there are not as many slices as transforms.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * const { AbsTransform, ExpTransform, StackTransform } = distributions;
 * const slices = new StackTransform([new AbsTransform(), new ExpTransform()]);
 * console.log(String(slices.call(tensor([-1, 0]))));
 * // tensor([1., 1.])
 * ```
 */
export class StackTransform extends Transform {
  /** The transforms. */
  readonly transforms: readonly Transform[];
  /** Along which dimension the slices lie. */
  readonly dim: number;

  constructor(...args: Args<typeof STACK, TransformTypes>) {
    const { tseq, dim, cacheSize } = bind<typeof STACK, TransformTypes>(STACK, args);
    checkAll("StackTransform", tseq);
    super(cacheSize);
    this.transforms = cacheSize === 0 ? tseq : tseq.map((one) => one.withCache(cacheSize));
    this.dim = dim;
  }

  override get domain(): constraints.Constraint {
    return constraints.stack(
      this.transforms.map(({ domain }) => domain),
      this.dim,
    );
  }
  override get codomain(): constraints.Constraint {
    return constraints.stack(
      this.transforms.map(({ codomain }) => codomain),
      this.dim,
    );
  }
  override get bijective(): boolean {
    return this.transforms.every(({ bijective }) => bijective);
  }
  protected override copied(cacheSize: number): Transform {
    return new StackTransform(this.transforms, this.dim, cacheSize);
  }
  #slices(x: Tensor): Tensor[] {
    if (x.size(this.dim) !== this.transforms.length)
      throw new ValueError(
        `StackTransform: dimension ${this.dim} has ${x.size(this.dim)} slices for ${this.transforms.length} transforms`,
      );
    return x.unbind(this.dim);
  }
  protected override forward(x: Tensor): Tensor {
    return stack(
      this.#slices(x).map((slice, i) => this.transforms[i].call(slice)),
      this.dim,
    );
  }
  protected override inverse(y: Tensor): Tensor {
    return stack(
      this.#slices(y).map((slice, i) => this.transforms[i].inv.call(slice)),
      this.dim,
    );
  }
  override logAbsDetJacobian(x: Tensor, y: Tensor): Tensor {
    const ys = this.#slices(y);
    return stack(
      this.#slices(x).map((slice, i) => this.transforms[i].logAbsDetJacobian(slice, ys[i])),
      this.dim,
    );
  }
}
