import { ValueError } from "@flambeau/backend";
import { type Class, type Column, checkComparable, classesIn, readPair } from "../input/classes.ts";
import { readWeights } from "../input/numbers.ts";
import type { Labels, Values } from "../input/types.ts";
import { readLabels } from "./classes-of-interest.ts";

interface Given {
  readonly truth: Labels;
  readonly prediction: Labels;
  /** What the two are called. */
  readonly names: readonly [string, string];
  readonly labels?: Labels | undefined;
  readonly sampleWeight?: Values | undefined;
}

/** Samples by true class (the row) and predicted class. */
export interface Confusion {
  readonly cells: Float64Array;
  readonly labels: Column;
  readonly weights: Float64Array | null;
}

/** @throws ValueError when no true class is among those that are asked for. */
export function confusionOf(call: string, given: Given): Confusion {
  const { names } = given;
  const [truth, prediction] = readPair(call, names, given.truth, given.prediction);
  const weights = readWeights(call, given.sampleWeight, truth.values.length, names[0]);
  const present = classesIn(truth, prediction);
  const labels = given.labels === undefined ? present : readLabels(call, given.labels, present);
  checkComparable(call, ["labels", names[0]], [labels, present]);
  const places = new Map<Class, number>(labels.values.map((value, i) => [value, i]));
  if (!truth.values.some((value) => places.has(value)))
    throw new ValueError(`${call}: none of the classes in labels is in ${names[0]}`);
  const count = labels.values.length;
  const cells = new Float64Array(count * count);
  truth.values.forEach((value, sample) => {
    const row = places.get(value);
    const column = places.get(prediction.values[sample]);
    if (row !== undefined && column !== undefined) cells[row * count + column] += weights?.[sample] ?? 1;
  });
  return { cells, labels, weights };
}

/** The sums of the rows. */
export function rowSums(cells: Float64Array, count: number): Float64Array {
  return sums(count, (i, j) => cells[i * count + j]);
}

/** The sums of the columns. */
export function columnSums(cells: Float64Array, count: number): Float64Array {
  return sums(count, (i, j) => cells[j * count + i]);
}

function sums(count: number, at: (i: number, j: number) => number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => {
    let total = 0;
    for (let j = 0; j < count; j++) total += at(i, j);
    return total;
  });
}
