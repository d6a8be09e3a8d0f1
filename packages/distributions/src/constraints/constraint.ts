import { markClass } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";
import { COPY } from "../copy.ts";

/**
 * The base of all constraints. One of your own extends it with `check`.
 *
 * @example
 * ```ts
 * import { distributions, type Tensor, tensor } from "flambeau";
 *
 * class Even extends distributions.constraints.Constraint {
 *   override check(value: Tensor): Tensor {
 *     return value.remainder(2).eq(0);
 *   }
 * }
 *
 * const even = new Even();
 * console.log(String(even), String(even.check(tensor([1, 2]))));
 * // Even() tensor([False,  True])
 * ```
 */
export abstract class Constraint {
  /** Whether the values are apart from each other. */
  readonly isDiscrete: boolean;
  /** How many of the last dimensions are one event. */
  readonly eventDim: number;

  constructor(isDiscrete: boolean = false, eventDim: number = 0) {
    this.isDiscrete = isDiscrete;
    this.eventDim = eventDim;
  }

  /** For each event whether it satisfies the constraint: bool, without the last `eventDim` dimensions. */
  abstract check(value: Tensor): Tensor;

  /** PyTorch's text. */
  toString(): string {
    return `${this.constructor.name}()`;
  }
}
markClass(Constraint.prototype, "Constraint", COPY);

/** A constraint of a formula and a text. */
export class Formula extends Constraint {
  readonly #check: (value: Tensor) => Tensor;
  readonly #text: () => string;

  constructor(
    text: string | (() => string),
    check: (value: Tensor) => Tensor,
    isDiscrete: boolean = false,
    eventDim: number = 0,
  ) {
    super(isDiscrete, eventDim);
    this.#check = check;
    this.#text = typeof text === "string" ? () => text : text;
  }

  override check(value: Tensor): Tensor {
    return this.#check(value);
  }

  override toString(): string {
    return this.#text();
  }
}
