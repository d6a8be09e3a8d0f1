/** Steps that are written where their results are used, as far as that is one line that reads well. */
import { Value } from "@flambeau/graph";
import type { BodyExpr, Constant, Hole } from "../hole.ts";
import { type Expr, holesOf } from "../python/tree.ts";
import type { Step } from "./steps.ts";

/** A step that is not written yet. */
export interface Pending {
  readonly step: Step;
  readonly index: number;
  readonly expr: Expr<Constant>;
  /** The steps that are written with it. */
  readonly joined: ReadonlySet<number>;
}

/** Steps in the order in which the program ran them. */
export class PendingSteps {
  #list: Pending[] = [];

  add(pending: Pending): void {
    this.#list.push(pending);
  }

  get all(): readonly Pending[] {
    return this.#list;
  }

  get last(): Pending | undefined {
    return this.#list.at(-1);
  }

  /** Takes all out but `kept`. */
  takeOthers(kept: ReadonlySet<Pending>): readonly Pending[] {
    const others = this.#list.filter((one) => !kept.has(one));
    this.#list = this.#list.filter((one) => kept.has(one));
    return others;
  }

  /** Takes these out. */
  take(those: ReadonlySet<Pending>): void {
    this.#list = this.#list.filter((one) => !those.has(one));
  }

  /** Those whose results an expression uses. */
  usedBy(expr: BodyExpr): readonly Pending[] {
    const holes = holesOf<Hole>(expr);
    return this.#list.filter(({ step: { result } }) => result instanceof Value && holes.includes(result));
  }

  /** Those up to the last of these. */
  upTo(those: readonly Pending[]): readonly Pending[] {
    const last = Math.max(-1, ...those.map((one) => this.#list.indexOf(one)));
    return this.#list.slice(0, last + 1);
  }

  /** Whether steps that have effects would change their order if these were written later. */
  wouldReorder(those: ReadonlySet<Pending>): boolean {
    const first = this.#list.findIndex((one) => those.has(one));
    const between = first < 0 ? [] : this.#list.slice(first).filter((one) => !those.has(one));
    return hasEffects(between) && hasEffects([...those]);
  }
}

function hasEffects(list: readonly Pending[]): boolean {
  return list.some(({ step }) => step.hasEffects);
}

/** Whether a step and the one that uses its result stand on one line of the program. */
export function standTogether(inner: Step, outer: Step): boolean {
  const [a, b] = [lineOf(inner), lineOf(outer)];
  return a === 0 || b === 0 || a === b;
}

/** The line of the program on which a call stands; 0 where that is not known. */
function lineOf({ call: { place } }: Step): number {
  return Number(/:(\d+):\d+\)?$/.exec(place)?.[1] ?? 0);
}
