/** Transforms of the parts of a dimension, each by one of its own. */
import { ValueError } from "@flambeau/backend";
import { type Args, bind, cat, stack, type Tensor } from "@flambeau/tensor";
import { sumRightmost } from "../broadcast.ts";
import * as constraints from "../constraints/index.ts";
import { checkAll, type TransformTypes } from "./parts-of.ts";
import { Transform } from "./transform.ts";

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
