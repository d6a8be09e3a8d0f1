// The twin of ../index-runs.ts for float32 alone, written by tools/twins.ts, which says why. Change the original.
import type { NumberArray } from "../../interpreter/loops.ts";

/** Moves elements whose place along one dimension is `positions[pi + i * ps] * jump` further on the indexed side. */
export type IndexRun = (
  n: number,
  o: NumberArray,
  oi: number,
  os: number,
  x: NumberArray,
  xi: number,
  xs: number,
  positions: Int32Array,
  pi: number,
  ps: number,
  jump: number,
) => void;

/** Shorter runs are copied element by element. */
const LONG = 16;

function copyRun(
  n: number,
  o: NumberArray,
  oi: number,
  os: number,
  x: NumberArray,
  xi: number,
  xs: number,
): void {
  if (os === 1 && xs === 1 && n >= LONG) o.set(x.subarray(xi, xi + n), oi);
  else for (; n > 0; n--, oi += os, xi += xs) o[oi] = x[xi];
}

// One position for the whole run: rows of a table.

export const gatherRun: IndexRun = (n, o, oi, os, x, xi, xs, positions, pi, ps, jump) => {
  if (ps === 0) copyRun(n, o, oi, os, x, xi + positions[pi] * jump, xs);
  else for (; n > 0; n--, oi += os, xi += xs, pi += ps) o[oi] = x[xi + positions[pi] * jump];
};

export const setRun: IndexRun = (n, o, oi, os, x, xi, xs, positions, pi, ps, jump) => {
  if (ps === 0) copyRun(n, o, oi + positions[pi] * jump, os, x, xi, xs);
  else for (; n > 0; n--, oi += os, xi += xs, pi += ps) o[oi + positions[pi] * jump] = x[xi];
};

export const addRun: IndexRun = (n, o, oi, os, x, xi, xs, positions, pi, ps, jump) => {
  if (ps === 0) for (oi += positions[pi] * jump; n > 0; n--, oi += os, xi += xs) o[oi] += x[xi];
  else for (; n > 0; n--, oi += os, xi += xs, pi += ps) o[oi + positions[pi] * jump] += x[xi];
};

export const mulRun: IndexRun = (n, o, oi, os, x, xi, xs, positions, pi, ps, jump) => {
  for (; n > 0; n--, oi += os, xi += xs, pi += ps) o[oi + positions[pi] * jump] *= x[xi];
};

/** A product of integers of 32 bits may have more digits than a number. */
export const intMulRun: IndexRun = (n, o, oi, os, x, xi, xs, positions, pi, ps, jump) => {
  for (; n > 0; n--, oi += os, xi += xs, pi += ps) {
    const at = oi + positions[pi] * jump;
    o[at] = Math.imul(o[at], x[xi]);
  }
};

export const orRun: IndexRun = (n, o, oi, os, x, xi, xs, positions, pi, ps, jump) => {
  for (; n > 0; n--, oi += os, xi += xs, pi += ps) o[oi + positions[pi] * jump] |= x[xi];
};
