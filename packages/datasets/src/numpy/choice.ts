import { quote, ValueError } from "@flambeau/backend";
import type { Stream } from "./stream.ts";

/** How far from 1 probabilities may sum: the square root of float64's precision. */
const TOLERANCE = 2 ** -26;

/** `size` indices below `population`, with or without replacement, all alike or with the probabilities `p`. */
export function chooseIndices(
  stream: Stream,
  population: number,
  size: number,
  replace: boolean,
  p: ArrayLike<number> | undefined,
): number[] {
  if (population === 0 && size > 0) throw new ValueError("choice has nothing to choose from");
  if (p !== undefined) checkProbabilities(p, population);
  if (replace) {
    if (p === undefined) return Array.from({ length: size }, () => stream.interval(population - 1));
    const cumulative = cumulate(Float64Array.from(p));
    return Array.from({ length: size }, () => firstAbove(cumulative, stream.double()));
  }
  if (size > population) {
    throw new ValueError(`choice cannot take ${size} samples from ${population} without replacement`);
  }
  if (p === undefined) return permuted(stream, population).slice(0, size);
  return chooseDistinct(stream, size, Float64Array.from(p));
}

/** The integers below `n` in random order. */
export function permuted(stream: Stream, n: number): number[] {
  const indices = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = stream.interval(i);
    [indices[i], indices[j]] = [indices[j], indices[i]];
  }
  return indices;
}

/** Draws as many as are missing, keeps the new ones in order, sets their probability to 0, and draws again. */
function chooseDistinct(stream: Stream, size: number, p: Float64Array): number[] {
  const possible = p.reduce((total, value) => total + (value > 0 ? 1 : 0), 0);
  if (possible < size) {
    throw new ValueError(`choice cannot take ${size} samples from ${possible} with a probability above 0`);
  }
  const found = new Set<number>();
  while (found.size < size) {
    const uniform = Array.from({ length: size - found.size }, () => stream.double());
    for (const index of found) p[index] = 0;
    const cumulative = cumulate(p);
    for (const value of uniform) found.add(firstAbove(cumulative, value));
  }
  return [...found];
}

function cumulate(p: Float64Array): Float64Array {
  let sum = 0;
  const cumulative = p.map((value) => {
    sum += value;
    return sum;
  });
  return cumulative.map((value) => value / sum);
}

function firstAbove(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function checkProbabilities(p: ArrayLike<number>, population: number): void {
  if (p.length !== population) {
    throw new ValueError(`choice got ${p.length} probabilities for ${population} elements`);
  }
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    if (!(p[i] >= 0)) throw new ValueError(`choice needs probabilities >= 0, but got ${quote(p[i])}`);
    sum += p[i];
  }
  if (!(Math.abs(sum - 1) <= TOLERANCE)) {
    throw new ValueError(`choice needs probabilities that sum to 1, but these sum to ${sum}`);
  }
}
