import type { Inputs } from "./arrays.ts";

/**
 * How far results lie from the expected ones: the largest norm of a difference over the norm of what is expected; NaN
 * where a result is missing or of another size.
 */
export function distance(expected: Inputs, actual: Inputs): number {
  let worst = 0;
  for (const [name, { data }] of Object.entries(expected)) {
    const other = actual[name]?.data;
    if (other?.length !== data.length) return Number.NaN;
    let difference = 0;
    let norm = 0;
    for (let i = 0; i < data.length; i++) {
      difference += (data[i] - other[i]) ** 2;
      norm += data[i] ** 2;
    }
    const part = difference === 0 ? 0 : Math.sqrt(difference / norm);
    // Not Math.max: a NaN has to stay.
    if (!(part <= worst)) worst = part;
    if (Number.isNaN(worst)) return worst;
  }
  return worst;
}
