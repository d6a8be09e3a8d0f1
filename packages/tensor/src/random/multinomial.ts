import { quote, ValueError } from "@flambeau/backend";
import { checkArgument, checkFloat, type FloatArray } from "./check.ts";
import { exponential } from "./continuous.ts";
import type { Generator } from "./generator.ts";

/** How many samples, from how many distributions over how many categories. */
export interface MultinomialShape {
  readonly rows: number;
  readonly categories: number;
  readonly samples: number;
}

/** Indices are drawn by way of float32, which holds integers up to here. */
const MOST_CATEGORIES = 2 ** 24;

/**
 * Fills `out` (rows x samples) with categories, drawn row by row with the weights `weights` (rows x categories), which
 * need not sum to 1: `multinomial`.
 *
 * With replacement, each sample is a uniform draw looked up in the cumulative distribution. Without, each weight is
 * divided by an exponential draw and the categories with the largest quotients are taken, largest first; where weights
 * of 0 have to be taken, the lower index comes first.
 * Source: PyTorch 1.13, `aten/src/ATen/native/Distributions.cpp` and `cpu/MultinomialKernel.cpp`.
 *
 * @throws DTypeError when the weights are integers.
 * @throws ValueError when a weight is negative or not finite, a row has none that is positive, or more samples are
 *   asked for than there are categories to take without replacement; nothing is drawn then.
 */
export function multinomial(
  generator: Generator,
  out: BigInt64Array,
  weights: FloatArray,
  shape: MultinomialShape,
  replacement: boolean = false,
): void {
  checkFloat("multinomial", weights);
  checkShape(shape, replacement);
  checkLengths(out, weights, shape);
  checkWeights(weights, shape);
  choose(out, weights, shape, drawFor(generator, weights, shape, replacement), replacement);
}

/**
 * The draws alone, for weights that are known later: how many there are does not depend on the weights.
 *
 * @param like - an array of the weights' kind.
 * @throws ValueError as `multinomial` for the sizes; nothing is drawn then.
 */
export function multinomialDraws(
  generator: Generator,
  like: FloatArray,
  shape: MultinomialShape,
  replacement: boolean,
): FloatArray {
  checkShape(shape, replacement);
  return drawFor(generator, like, shape, replacement);
}

/**
 * The rest of `multinomial`: the categories that the draws choose.
 *
 * @throws ValueError as `multinomial` for the weights.
 */
export function multinomialChoice(
  out: BigInt64Array,
  weights: FloatArray,
  shape: MultinomialShape,
  draws: FloatArray,
  replacement: boolean,
): void {
  checkLengths(out, weights, shape);
  checkWeights(weights, shape);
  choose(out, weights, shape, draws, replacement);
}

function drawFor(
  generator: Generator,
  like: FloatArray,
  { rows, categories, samples }: MultinomialShape,
  replacement: boolean,
): FloatArray {
  if (replacement) return Float64Array.from({ length: rows * samples }, () => generator.uniform53());
  const Kind = like.constructor as new (length: number) => FloatArray;
  const draws = new Kind(rows * categories);
  exponential(generator, draws);
  return draws;
}

function choose(
  out: BigInt64Array,
  weights: FloatArray,
  shape: MultinomialShape,
  draws: FloatArray,
  replacement: boolean,
): void {
  if (replacement) chooseWithReplacement(out, weights, shape, draws);
  else chooseWithoutReplacement(out, weights, shape, draws);
}

function chooseWithReplacement(
  out: BigInt64Array,
  weights: FloatArray,
  { rows, categories, samples }: MultinomialShape,
  draws: FloatArray,
): void {
  const cumulative = weights.slice(0, categories);
  for (let row = 0; row < rows; row++) {
    // The array keeps the weights' dtype, and so does every partial sum.
    for (let j = 0; j < categories; j++) {
      cumulative[j] = (j > 0 ? cumulative[j - 1] : 0) + weights[row * categories + j];
    }
    const total = cumulative[categories - 1];
    for (let j = 0; j < categories; j++) cumulative[j] /= total;
    cumulative[categories - 1] = 1;
    for (let j = 0; j < samples; j++) {
      out[row * samples + j] = BigInt(firstNotBelow(cumulative, draws[row * samples + j]));
    }
  }
}

function firstNotBelow(sorted: FloatArray, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function chooseWithoutReplacement(
  out: BigInt64Array,
  weights: FloatArray,
  { rows, categories, samples }: MultinomialShape,
  draws: FloatArray,
): void {
  const quotients = weights.slice();
  for (let i = 0; i < quotients.length; i++) quotients[i] = weights[i] / draws[i];
  for (let row = 0; row < rows; row++) {
    const start = row * categories;
    const order = Array.from({ length: categories }, (_, j) => j);
    order.sort((a, b) => quotients[start + b] - quotients[start + a] || a - b);
    for (let j = 0; j < samples; j++) out[row * samples + j] = BigInt(order[j]);
  }
}

function checkShape({ categories, samples }: MultinomialShape, replacement: boolean): void {
  checkArgument(Number.isInteger(samples) && samples > 0, `multinomial cannot draw ${samples} samples`);
  checkArgument(
    replacement || samples <= categories,
    `multinomial cannot draw ${samples} samples from ${categories} categories without replacement`,
  );
  checkArgument(
    categories <= MOST_CATEGORIES,
    `multinomial takes up to 2^24 categories, but got ${categories}`,
  );
}

function checkLengths(
  out: BigInt64Array,
  weights: FloatArray,
  { rows, categories, samples }: MultinomialShape,
): void {
  checkArgument(
    weights.length === rows * categories && out.length === rows * samples,
    `multinomial: ${weights.length} weights and ${out.length} results are not ${rows} rows`,
  );
}

function checkWeights(weights: FloatArray, { rows, categories }: MultinomialShape): void {
  const wrong = weights.findIndex((weight) => !(weight >= 0 && weight < Infinity));
  if (wrong >= 0) {
    throw new ValueError(`multinomial needs finite weights >= 0, but got ${quote(weights[wrong])}`);
  }
  for (let row = 0; row < rows; row++) {
    const positive = weights.subarray(row * categories, (row + 1) * categories).some((weight) => weight > 0);
    checkArgument(positive, `multinomial needs a positive weight in each row, but row ${row} has none`);
  }
}
