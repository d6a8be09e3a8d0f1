import type { NumberArray } from "./loops.ts";

/**
 * How one kind of elements is joined. `fold` joins a run of elements with one value, `rows` a row of them with a row
 * of values; the `arg` forms look for a first extreme element, nan being the most extreme.
 */
export interface Folds<A, V, Acc> {
  readonly neutral: Readonly<Record<"sum" | "prod" | "max" | "min", V>>;
  readonly fold: Readonly<Record<"sum" | "prod" | "max" | "min", Fold<A, V>>>;
  readonly rows: Readonly<Record<"sum" | "prod" | "max" | "min", Rows<A, Acc>>>;
  /** The index within the run of an element more extreme than `best`, or -1. */
  readonly argFold: Readonly<Record<"max" | "min", Fold<A, V, number>>>;
  /** Writes `row` to `positions` where the row's element is more extreme, and the element to `acc`. */
  readonly argRows: Readonly<Record<"max" | "min", ArgRows<A, Acc>>>;
}

export type Fold<A, V, R = V> = (n: number, x: A, xi: number, xs: number, value: V) => R;
export type Rows<A, Acc> = (n: number, acc: Acc, ai: number, as: number, x: A, xi: number, xs: number) => void;
export type ArgRows<A, Acc> = (
  n: number,
  acc: Acc,
  ai: number,
  as: number,
  x: A,
  xi: number,
  xs: number,
  positions: Float64Array,
  row: number,
) => void;

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

const floatFolds: Folds<NumberArray, number, Float64Array> = {
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

/** int32, uint8 and bool, in an Int32Array that wraps: only products need care, and a run's sum is exact in a double. */
const intFolds: Folds<NumberArray, number, Int32Array> = {
  neutral: { sum: 0, prod: 1, max: -(2 ** 31), min: 2 ** 31 - 1 },
  fold: {
    ...floatFolds.fold,
    sum: (n, x, xi, xs, value) => sum(n, x, xi, xs, value) | 0,
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

const bigintFolds: Folds<BigInt64Array, bigint, BigInt64Array> = {
  neutral: { sum: 0n, prod: 1n, max: -(2n ** 63n), min: 2n ** 63n - 1n },
  fold: {
    sum(n, x, xi, xs, value) {
      for (; n > 0; n--, xi += xs) value = BigInt.asIntN(64, value + x[xi]);
      return value;
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

/** By the dtype of the accumulators: float64 for floats, int32 for small integers, int64. */
export type AccumulatorDType = "float64" | "int32" | "int64";
// The three differ in element type only; one union-free type keeps reduce.ts to one piece of code.
export type AnyFolds = Folds<Float64Array, number, Float64Array>;
export const folds: Readonly<Record<AccumulatorDType, AnyFolds>> = {
  float64: floatFolds as unknown as AnyFolds,
  int32: intFolds as unknown as AnyFolds,
  int64: bigintFolds as unknown as AnyFolds,
};
