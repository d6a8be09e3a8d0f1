/** Steps that what is returned needs, and those that do something by themselves. */
import { Value, valuesIn } from "@flambeau/graph";
import type { Hole } from "../hole.ts";
import { holesOf } from "../python/tree.ts";
import type { Body } from "./body.ts";
import type { Step } from "./steps.ts";

/** The steps without those whose results nothing uses. */
export function liveSteps({ steps, output }: Pick<Body, "steps" | "output">): Step[] {
  const needed = new Set<Value>(valuesIn(output));
  return steps
    .toReversed()
    .filter((step) => {
      const { expr, assigned, result, hasEffects, isInPlace } = step;
      if (!hasEffects && !isInPlace && !valuesIn(result).some((value) => needed.has(value))) return false;
      for (const hole of [expr, ...(assigned === null ? [] : [assigned])].flatMap((one) =>
        holesOf<Hole>(one),
      ))
        if (hole instanceof Value) needed.add(hole);
      return true;
    })
    .toReversed();
}
