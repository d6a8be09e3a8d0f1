import type { Shape } from "@flambeau/backend";
import { type Args, bind, type Tensor, zerosLike } from "@flambeau/tensor";
import { sumRightmost } from "../broadcast.ts";
import * as constraints from "../constraints/index.ts";
import { checkAll, type TransformTypes } from "./parts-of.ts";
import { type Sign, signOf, Transform } from "./transform.ts";

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

/**
 * `y = x`.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * console.log(String(distributions.identityTransform.call(tensor([1, 2]))));
 * // tensor([1., 2.])
 * ```
 */
export const identityTransform: Transform = new ComposeTransform([]);
