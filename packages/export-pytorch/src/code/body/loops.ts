/** Calls of all modules of a list one after the other, as a loop over it. */
import { Size, Value, valuesIn } from "@flambeau/graph";
import { type BodyExpr, Constant, type Hole } from "../hole.ts";
import { atom, fill, holesOf } from "../python/tree.ts";
import type { Step } from "./steps.ts";

/** A list of modules that a body reaches. */
export interface ModuleRow {
  /** `self.layers`. */
  readonly list: BodyExpr;
  /** `self.layers[0]`, ... */
  readonly items: readonly BodyExpr[];
  /** What one of them is called. */
  readonly itemName: string;
}

/** A loop in place of steps. */
export interface Loop {
  readonly list: BodyExpr;
  readonly itemName: string;
  /** The steps of the first round, with `item` in place of the module. */
  readonly round: (item: string) => readonly Step[];
  /** The number of steps in a round, and of rounds. */
  readonly length: number;
  readonly count: number;
  /** What the first round takes of before, what it gives to the next, and what the last one gives. */
  readonly carried: Value;
  readonly next: Value;
  readonly last: Value;
}

/** Loops by the number of their first step. */
export function loopsIn(
  steps: readonly Step[],
  rows: readonly ModuleRow[],
  output: readonly Value[],
): Map<number, Loop> {
  const found = new Map<number, Loop>();
  for (const row of rows) {
    const at = row.items.map((item) => steps.findIndex(({ expr }) => isCallOf(expr, item)));
    const [s0, s1] = at;
    const length = s1 - s0;
    if (row.items.length < 2 || s0 < 0 || length <= 0 || at.some((s, k) => s !== s0 + k * length)) continue;
    for (let offset = 0; offset < length; offset++) {
      const loop = loopAt(steps, row, s0 - offset, length, output);
      if (loop === undefined) continue;
      found.set(s0 - offset, loop);
      break;
    }
  }
  return found;
}

function isCallOf(expr: BodyExpr, callee: BodyExpr): boolean {
  return expr.kind === "call" && textOf(expr.callee) === textOf(callee);
}

function loopAt(
  steps: readonly Step[],
  { list, items, itemName }: ModuleRow,
  start: number,
  length: number,
  output: readonly Value[],
): Loop | undefined {
  const count = items.length;
  if (start < 0 || start + length * count > steps.length) return undefined;
  const rounds = items.map((_, k) => steps.slice(start + k * length, start + (k + 1) * length));
  const made = rounds.map((round) => round.flatMap(({ result }) => valuesIn(result)));
  let carry: { readonly from: Value; readonly at: number } | undefined;
  for (let k = 1; k < count; k++) {
    const [first, own] = [holesIn(rounds[0]), holesIn(rounds[k])];
    if (shapeOf(rounds[0], items[0]) !== shapeOf(rounds[k], items[k]) || first.length !== own.length)
      return undefined;
    for (const [i, hole] of own.entries()) {
      const before = first[i];
      if (isSame(before, hole)) continue;
      if (!(hole instanceof Value && before instanceof Value)) return undefined;
      const here = made[k].indexOf(hole);
      if (here >= 0 && here === made[0].indexOf(before)) continue;
      const at = made[k - 1].indexOf(hole);
      if (at < 0 || made[0].includes(before)) return undefined;
      carry ??= { from: before, at };
      if (carry.from !== before || carry.at !== at) return undefined;
    }
  }
  if (carry === undefined) return undefined;
  const last = made[count - 1][carry.at];
  // What else the rounds make stays within them.
  const inner = new Set(made.flat().filter((value) => value !== last));
  const later = [...holesIn(steps.slice(start + length * count)), ...output];
  if (later.some((hole) => hole instanceof Value && inner.has(hole))) return undefined;
  return {
    list,
    itemName,
    length,
    count,
    carried: carry.from,
    next: made[0][carry.at],
    last,
    round: (item) => rounds[0].map((step) => ({ ...step, expr: replaced(step.expr, items[0], atom(item)) })),
  };
}

function holesIn(steps: readonly Step[]): Hole[] {
  return steps.flatMap(({ expr, assigned }) => [
    ...holesOf<Hole>(expr),
    ...(assigned === null ? [] : holesOf<Hole>(assigned)),
  ]);
}

function isSame(a: Hole, b: Hole): boolean {
  if (a instanceof Constant && b instanceof Constant) return Object.is(a.value, b.value);
  return a === b || (a instanceof Size && b instanceof Size && String(a) === String(b));
}

function textOf(expr: BodyExpr): string {
  return JSON.stringify(fill<Hole, never>(expr, () => atom("#")));
}

/** The text of a round without its values. */
function shapeOf(round: readonly Step[], item: BodyExpr): string {
  return round
    .map(
      ({ expr, assigned }) =>
        textOf(expr).replace(textOf(item), '"item"') + (assigned === null ? "" : textOf(assigned)),
    )
    .join("\n");
}

function replaced(expr: BodyExpr, item: BodyExpr, by: BodyExpr): BodyExpr {
  return expr.kind === "call" && textOf(expr.callee) === textOf(item) ? { ...expr, callee: by } : expr;
}
