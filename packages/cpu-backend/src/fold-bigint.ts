import { wordsOf } from "@flambeau/backend";
import type { Folds } from "./fold.ts";

/** int64, wrapping at 64 bits. */
export const bigintFolds: Folds<BigInt64Array, bigint, BigInt64Array> = {
  neutral: { sum: 0n, prod: 1n, max: -(2n ** 63n), min: 2n ** 63n - 1n },
  fold: {
    // Low and high words apart, which doubles hold exactly: a bigint for each element takes ten times as long.
    sum(n, x, xi, xs, value) {
      const words = wordsOf(x);
      let low = 0;
      let high = 0;
      for (let at = 2 * xi; n > 0; n--, at += 2 * xs) {
        low += words[at] >>> 0;
        high += words[at + 1];
      }
      return BigInt.asIntN(64, value + BigInt(low) + (BigInt(high) << 32n));
    },
    prod(n, x, xi, xs, value) {
      for (; n > 0; n--, xi += xs) value = BigInt.asIntN(64, value * x[xi]);
      return value;
    },
    max(n, x, xi, xs, value) {
      for (; n > 0; n--, xi += xs) if (x[xi] > value) value = x[xi];
      return value;
    },
    min(n, x, xi, xs, value) {
      for (; n > 0; n--, xi += xs) if (x[xi] < value) value = x[xi];
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
      for (; n > 0; n--, ai += as, xi += xs) if (x[xi] > acc[ai]) acc[ai] = x[xi];
    },
    min(n, acc, ai, as, x, xi, xs) {
      for (; n > 0; n--, ai += as, xi += xs) if (x[xi] < acc[ai]) acc[ai] = x[xi];
    },
  },
  argFold: {
    max(n, x, xi, xs, best) {
      let at = -1;
      for (let i = 0; i < n; i++, xi += xs) {
        if (x[xi] <= best) continue;
        best = x[xi];
        at = i;
      }
      return at;
    },
    min(n, x, xi, xs, best) {
      let at = -1;
      for (let i = 0; i < n; i++, xi += xs) {
        if (x[xi] >= best) continue;
        best = x[xi];
        at = i;
      }
      return at;
    },
  },
  argRows: {
    max(n, acc, ai, as, x, xi, xs, positions, row) {
      for (; n > 0; n--, ai += as, xi += xs) {
        if (x[xi] <= acc[ai]) continue;
        acc[ai] = x[xi];
        positions[ai] = row;
      }
    },
    min(n, acc, ai, as, x, xi, xs, positions, row) {
      for (; n > 0; n--, ai += as, xi += xs) {
        if (x[xi] >= acc[ai]) continue;
        acc[ai] = x[xi];
        positions[ai] = row;
      }
    },
  },
};
