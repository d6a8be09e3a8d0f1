import { quote, ValueError } from "@flambeau/backend";
import type { RandomState } from "../numpy/random-state.ts";

/** How many rows a part gets: a count, or a share between 0 and 1. */
export interface SplitSizes {
  /** Of the part to test with. Default: what `trainSize` leaves, or a quarter. */
  readonly testSize?: number;
  /** Of the part to train with. Default: what `testSize` leaves. */
  readonly trainSize?: number;
}

/** The rows of each part. */
export interface SplitRows {
  readonly train: readonly number[];
  readonly test: readonly number[];
}

/** A count of rows from a count or a share, rounded in the part's own way. */
function rowsOf(name: string, size: number, rows: number, round: (x: number) => number): number {
  if (size > 0 && size < 1) return round(size * rows);
  if (Number.isInteger(size) && size > 0 && size < rows) return size;
  throw new ValueError(
    `trainTestSplit: ${name} is a share between 0 and 1 or a number of rows below ${rows}; got ${quote(size)}`,
  );
}

/**
 * The numbers of rows to train and to test with. Source: scikit-learn 1.2, `_validate_shuffle_split`.
 *
 * @throws ValueError when a size is out of range, both are more than there is, or none are left to train with.
 */
export function splitCounts(
  rows: number,
  { testSize, trainSize }: SplitSizes,
): { train: number; test: number } {
  const given = trainSize === undefined ? null : rowsOf("trainSize", trainSize, rows, Math.floor);
  let test: number;
  if (testSize !== undefined) test = rowsOf("testSize", testSize, rows, Math.ceil);
  else test = given === null ? Math.ceil(0.25 * rows) : rows - given;
  const train = given ?? rows - test;
  if (train + test > rows)
    throw new ValueError(
      `trainTestSplit: ${train} rows to train and ${test} to test with are more than ${rows}`,
    );
  if (train === 0) throw new ValueError(`trainTestSplit: of ${rows} rows none is left to train with`);
  return { train, test };
}

/** A random split. Source: scikit-learn 1.2, `ShuffleSplit`. */
export function randomRows(random: RandomState, rows: number, train: number, test: number): SplitRows {
  const order = random.permutation(rows);
  return { test: order.slice(0, test), train: order.slice(test, test + train) };
}

/**
 * A random split with each class in both parts as often as it is in all. Source: scikit-learn 1.2,
 * `StratifiedShuffleSplit`.
 *
 * @throws ValueError when a class has one row only, or a part has fewer rows than there are classes.
 */
export function stratifiedRows(
  random: RandomState,
  labels: readonly (number | bigint)[],
  train: number,
  test: number,
): SplitRows {
  const rowsByLabel = new Map<number | bigint, number[]>();
  labels.forEach((label, row) => {
    const known = rowsByLabel.get(label);
    if (known === undefined) rowsByLabel.set(label, [row]);
    else known.push(row);
  });
  const classes = [...rowsByLabel].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, rows]) => rows);
  if (classes.some((rows) => rows.length < 2))
    throw new ValueError("trainTestSplit: a class of the stratified labels has one row only, and needs two");
  for (const [name, size] of Object.entries({ train, test })) {
    if (size < classes.length)
      throw new ValueError(
        `trainTestSplit: ${size} rows to ${name} with are fewer than the ${classes.length} classes`,
      );
  }
  const counts = classes.map((rows) => rows.length);
  const trains = proportional(random, counts, train);
  const tests = proportional(
    random,
    counts.map((count, i) => count - trains[i]),
    test,
  );
  const parts = { train: [] as number[], test: [] as number[] };
  classes.forEach((rows, i) => {
    const order = random.permutation(rows.length).map((k) => rows[k]);
    parts.train.push(...order.slice(0, trains[i]));
    parts.test.push(...order.slice(trains[i], trains[i] + tests[i]));
  });
  return { train: random.permutation(parts.train), test: random.permutation(parts.test) };
}

/**
 * `total` rows of classes in proportion to their counts; what rounding leaves goes to the largest remainders, at
 * random among equal ones. Source: scikit-learn 1.2, `_approximate_mode`.
 */
function proportional(random: RandomState, counts: readonly number[], total: number): number[] {
  const all = counts.reduce((sum, count) => sum + count, 0);
  const exact = counts.map((count) => (count / all) * total);
  const rows = exact.map(Math.floor);
  const rests = exact.map((x, i) => x - rows[i]);
  let left = total - rows.reduce((sum, count) => sum + count, 0);
  for (const rest of [...new Set(rests)].sort((a, b) => b - a)) {
    if (left <= 0) break;
    const equal = rests.flatMap((x, i) => (x === rest ? [i] : []));
    const chosen = random.choice(equal, Math.min(equal.length, left), { replace: false });
    for (const i of chosen) rows[i]++;
    left -= chosen.length;
  }
  return rows;
}
