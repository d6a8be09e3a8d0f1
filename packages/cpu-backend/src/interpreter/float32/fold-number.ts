// The twin of ../fold-number.ts for float32 alone, written by tools/twins.ts, which says why. Change the original.
import type { Folds } from "../fold.ts";
import type { NumberArray } from "../loops.ts";

/** Four sums side by side: additions need not wait for each other, and rounding errors grow a quarter as fast. */
function sum(n: number, x: NumberArray, xi: number, xs: number, value: number): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (; n >= 4; n -= 4, xi += 4 * xs) {
    a += x[xi];
    b += x[xi + xs];
    c += x[xi + 2 * xs];
    d += x[xi + 3 * xs];
  }
  for (; n > 0; n--, xi += xs) a += x[xi];
  return value + (a + b + (c + d));
}

/** Numbers joined in double precision. */
export const floatFolds: Folds<NumberArray, number, Float64Array> = {
  neutral: { sum: 0, prod: 1, max: -Infinity, min: Infinity },
  fold: {
    sum,
    prod(n, x, xi, xs, value) {
      for (; n > 0; n--, xi += xs) value *= x[xi];
      return value;
    },
    max(n, x, xi, xs, value) {
      for (; n > 0; n--, xi += xs) value = Math.max(value, x[xi]);
      return value;
    },
    min(n, x, xi, xs, value) {
      for (; n > 0; n--, xi += xs) value = Math.min(value, x[xi]);
      return value;
    },
  },
  rows: {
    sum(n, acc, ai, as, x, xi, xs) {
      for (; n > 0; n--, ai += as, xi += xs) acc[ai] += x[xi];
    },
    prod(n, acc, ai, as, x, xi, xs) {
      for (; n > 0; n--, ai += as, xi += xs) acc[ai] *= x[xi];
    },
    max(n, acc, ai, as, x, xi, xs) {
      for (; n > 0; n--, ai += as, xi += xs) acc[ai] = Math.max(acc[ai], x[xi]);
    },
    min(n, acc, ai, as, x, xi, xs) {
      for (; n > 0; n--, ai += as, xi += xs) acc[ai] = Math.min(acc[ai], x[xi]);
    },
  },
  argFold: {
    max(n, x, xi, xs, best) {
      let at = -1;
      if (Number.isNaN(best)) return at;
      for (let i = 0; i < n; i++, xi += xs) {
        if (x[xi] <= best) continue;
        best = x[xi];
        at = i;
        if (Number.isNaN(best)) break;
      }
      return at;
    },
    min(n, x, xi, xs, best) {
      let at = -1;
      if (Number.isNaN(best)) return at;
      for (let i = 0; i < n; i++, xi += xs) {
        if (x[xi] >= best) continue;
        best = x[xi];
        at = i;
        if (Number.isNaN(best)) break;
      }
      return at;
    },
  },
  argRows: {
    max(n, acc, ai, as, x, xi, xs, positions, row) {
      for (; n > 0; n--, ai += as, xi += xs) {
        if (x[xi] <= acc[ai] || Number.isNaN(acc[ai])) continue;
        acc[ai] = x[xi];
        positions[ai] = row;
      }
    },
    min(n, acc, ai, as, x, xi, xs, positions, row) {
      for (; n > 0; n--, ai += as, xi += xs) {
        if (x[xi] >= acc[ai] || Number.isNaN(acc[ai])) continue;
        acc[ai] = x[xi];
        positions[ai] = row;
      }
    },
  },
};
