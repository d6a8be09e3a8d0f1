import type { Folds } from "./fold.ts";
import { floatFolds } from "./fold-number.ts";
import type { NumberArray } from "./loops.ts";

/** int32, uint8 and bool, in an Int32Array that wraps: only products need care, and a run's sum is exact in a double. */
export const intFolds: Folds<NumberArray, number, Int32Array> = {
  neutral: { sum: 0, prod: 1, max: -(2 ** 31), min: 2 ** 31 - 1 },
  fold: {
    ...floatFolds.fold,
    sum: (n, x, xi, xs, value) => floatFolds.fold.sum(n, x, xi, xs, value) | 0,
    prod(n, x, xi, xs, value) {
      for (; n > 0; n--, xi += xs) value = Math.imul(value, x[xi]);
      return value;
    },
  },
  rows: {
    ...(floatFolds.rows as unknown as Folds<NumberArray, number, Int32Array>["rows"]),
    prod(n, acc, ai, as, x, xi, xs) {
      for (; n > 0; n--, ai += as, xi += xs) acc[ai] = Math.imul(acc[ai], x[xi]);
    },
  },
  argFold: floatFolds.argFold,
  argRows: floatFolds.argRows as unknown as Folds<NumberArray, number, Int32Array>["argRows"],
};
