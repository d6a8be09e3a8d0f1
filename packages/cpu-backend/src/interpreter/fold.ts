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
export type Rows<A, Acc> = (
  n: number,
  acc: Acc,
  ai: number,
  as: number,
  x: A,
  xi: number,
  xs: number,
) => void;
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
