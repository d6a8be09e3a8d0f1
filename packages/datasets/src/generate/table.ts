import { quote, ValueError } from "@flambeau/backend";
import type { RandomState } from "../numpy/random-state.ts";

/** Numbers in row-major order, with their shape. */
export interface Table {
  readonly data: Float64Array;
  readonly shape: readonly number[];
}

/** Samples with their class labels. */
export interface Labelled {
  readonly X: Table;
  readonly y: BigInt64Array;
}

/** A table without its dimensions of size 1. */
export function squeeze({ data, shape }: Table): Table {
  return { data, shape: shape.filter((size) => size !== 1) };
}

/** The rows of a flat array with rows of `width`, in the order of `indices`. */
export function takeRows(data: Float64Array, width: number, indices: readonly number[]): Float64Array {
  const taken = new Float64Array(indices.length * width);
  indices.forEach((index, row) => {
    taken.set(data.subarray(index * width, (index + 1) * width), row * width);
  });
  return taken;
}

/** Samples and their labels in the same random order, where asked for. Source: scikit-learn, `utils.shuffle`. */
export function shuffled(random: RandomState, { X, y }: Labelled, shuffle: boolean): Labelled {
  if (!shuffle) return { X, y };
  const indices = random.permutation(y.length);
  const data = takeRows(X.data, X.shape[1], indices);
  return { X: { data, shape: X.shape }, y: BigInt64Array.from(indices, (index) => y[index]) };
}

/** `count` labels for each class in turn: 0, 0, ..., 1, 1, ... */
export function labels(counts: readonly number[]): BigInt64Array {
  return BigInt64Array.from(counts.flatMap((count, label) => Array<bigint>(count).fill(BigInt(label))));
}

/** Adds normal noise, where asked for; noise of 0 draws samples all the same, as scikit-learn does. */
export function addNoise(random: RandomState, data: Float64Array, noise: number | null): void {
  if (noise === null) return;
  const samples = random.normal(0, noise, data.length);
  for (let i = 0; i < data.length; i++) data[i] += samples[i];
}

/** Refuses an argument that is no integer of at least `min`. */
export function checkCount(name: string, value: number, min: number): void {
  if (Number.isInteger(value) && value >= min) return;
  throw new ValueError(`${name} must be an integer >= ${min}, but got ${quote(value)}`);
}

/** Refuses a standard deviation below 0. */
export function checkDeviation(name: string, value: number): void {
  if (!(value >= 0)) throw new ValueError(`${name} must be >= 0, but got ${quote(value)}`);
}
