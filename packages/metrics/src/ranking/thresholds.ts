import { quote, ValueError } from "@flambeau/backend";
import { type Class, type Column, classesIn, readClasses } from "../input/classes.ts";
import { readVector, readWeights } from "../input/numbers.ts";
import { checkSamples } from "../input/read.ts";
import type { Label, Labels, Values } from "../input/types.ts";

/** Samples of two classes with their scores. */
export interface Scored {
  readonly isPositive: readonly boolean[];
  readonly scores: ArrayLike<number>;
  readonly weights: ArrayLike<number> | null;
}

/** For each score that occurs, the largest first, what lies at it or above. */
export interface Steps {
  readonly falsePositives: number[];
  readonly truePositives: number[];
  readonly thresholds: number[];
}

interface Given {
  readonly yTrue: Labels;
  readonly yScore: Values;
  /** What the scores are called. */
  readonly scoreName: string;
  readonly posLabel?: Label | undefined;
  readonly sampleWeight?: Values | undefined;
}

/** @throws ValueError when it does not follow from the classes which one is positive. */
export function readScored(call: string, given: Given): Scored {
  const truth = readClasses(call, "yTrue", given.yTrue);
  const scores = readVector(call, given.scoreName, given.yScore);
  checkSamples(call, { yTrue: truth.values.length, [given.scoreName]: scores.length });
  const weights = readWeights(call, given.sampleWeight, scores.length, "yTrue");
  const positive = positiveOf(call, truth, given.posLabel);
  return { isPositive: truth.values.map((value) => value === positive), scores, weights };
}

/** The classes of which 1 is the positive one. */
const PLAIN: readonly (readonly Class[])[] = [[0, 1], [-1, 1], [0], [-1], [1]];

/** @throws ValueError when it is not clear which one is positive. */
function positiveOf(call: string, truth: Column, posLabel: Label | undefined): Class {
  if (posLabel !== undefined) return readClasses(call, "posLabel", [posLabel]).values[0];
  const { values } = classesIn(truth);
  const isKnown = PLAIN.some(
    (plain) => plain.length === values.length && plain.every((x, i) => x === values[i]),
  );
  if (isKnown) return 1;
  throw new ValueError(
    `${call}: yTrue has the classes ${values.slice(0, 5).map(quote).join(", ")}; say which one is positive, as in { posLabel: ${quote(values[values.length - 1])} }`,
  );
}

/** Counts of positives and negatives from each score up; samples without weight are left out. */
export function stepsOf({ isPositive, scores, weights }: Scored): Steps {
  const order = Array.from(scores, (_, i) => i).filter((i) => weights === null || weights[i] !== 0);
  order.sort((a, b) => scores[b] - scores[a]);
  const steps: Steps = { falsePositives: [], truePositives: [], thresholds: [] };
  let [right, wrong] = [0, 0];
  order.forEach((sample, i) => {
    const weight = weights === null ? 1 : weights[sample];
    if (isPositive[sample]) right += weight;
    else wrong += weight;
    if (i + 1 < order.length && scores[order[i + 1]] === scores[sample]) return;
    steps.truePositives.push(right);
    steps.falsePositives.push(wrong);
    steps.thresholds.push(scores[sample]);
  });
  return steps;
}
