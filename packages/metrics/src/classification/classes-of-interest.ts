import { quote, ShapeError, ValueError, warn } from "@flambeau/backend";
import {
  type Class,
  type Column,
  checkComparable,
  classesIn,
  readClasses,
  readPair,
} from "../input/classes.ts";
import { readWeights } from "../input/numbers.ts";
import type { Average, Label, Labels, Values } from "../input/types.ts";
import { type Counts, countsOf } from "./counts.ts";

interface Given {
  readonly yTrue: Labels;
  readonly yPred: Labels;
  readonly labels?: Labels | undefined;
  /** Only of the average "binary". */
  readonly posLabel?: Label;
  readonly average: Average | null;
  readonly sampleWeight?: Values | undefined;
}

/** Counts of the classes that an average is of, and these. */
export interface Counted {
  readonly counts: Counts;
  readonly labels: Column;
  /** All classes that occur. */
  readonly present: Column;
  readonly isWeighted: boolean;
  /** Whether any sample has its class predicted. */
  readonly hasHits: boolean;
}

/** @throws ValueError when the classes do not go together with the average. */
export function counted(call: string, given: Given): Counted {
  const pair = readPair(call, ["yTrue", "yPred"], given.yTrue, given.yPred);
  const weights = readWeights(call, given.sampleWeight, pair[0].values.length, "yTrue");
  const present = classesIn(...pair);
  const labels = given.average === "binary" ? positive(call, given, present) : listed(call, given, present);
  return {
    counts: countsOf(labels.values, pair, weights),
    labels,
    present,
    isWeighted: weights !== null,
    hasHits: pair[0].values.some((value, i) => value === pair[1].values[i]),
  };
}

/** A list of classes, in its order. @throws ShapeError for an empty one. */
export function readLabels(call: string, labels: Labels, present: Column): Column {
  const read = readClasses(call, "labels", labels);
  if (read.values.length === 0) throw new ShapeError(`${call}: labels has one class at least`);
  checkComparable(call, ["labels", "yTrue"], [read, present]);
  return read;
}

function listed(call: string, { labels, posLabel, average }: Given, present: Column): Column {
  if (posLabel !== undefined && posLabel !== 1)
    warn(
      `Note that posLabel (set to ${quote(posLabel)}) is ignored when average != 'binary' (got ${quote(average)}). You may use labels=[posLabel] to specify a single positive class.`,
    );
  return labels === undefined ? present : readLabels(call, labels, present);
}

function positive(call: string, { labels, posLabel = 1 }: Given, present: Column): Column {
  if (labels !== undefined) {
    readLabels(call, labels, present);
    warn(
      `${call}: labels is ignored when average is "binary"; give the class as posLabel, or another average`,
    );
  }
  if (present.values.length > 2)
    throw new ValueError(
      `${call}: average "binary" is of two classes, and these are ${present.values.length}; choose { average: "micro" }, "macro", "weighted" or null`,
    );
  return { values: [checkPositive(call, present, posLabel)], kind: present.kind };
}

/** The positive class, which has to be one of two. @throws ValueError */
export function checkPositive(call: string, present: Column, posLabel: Label): Class {
  const [value] = readClasses(call, "posLabel", [posLabel]).values;
  if (present.values.length < 2 || present.values.includes(value)) return value;
  throw new ValueError(
    `${call}: posLabel is one of the classes ${present.values.map(quote).join(" and ")}; got ${quote(posLabel)}`,
  );
}
