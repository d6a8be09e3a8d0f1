/** What metrics take: by position, by name, and what they refuse. */
import { describe } from "node:test";
import { type ArgumentsRow, called, describeArguments } from "../../../tests/src/arguments.ts";
import * as metrics from "../src/index.ts";

const truth = (): number[] => [0, 1, 1, 0, 1];
const guess = (): number[] => [0, 1, 0, 0, 1];
const scores = (): number[] => [0.1, 0.7, 0.4, 0.5, 0.9];
const sampleWeight = [1, 2, 1, 1, 0.5];
const labels = [0, 1];
const shown = (x: unknown): unknown => {
  if (typeof x !== "object" || x === null) return x;
  return Symbol.iterator in x && !("shape" in x) ? [...(x as Iterable<unknown>)].map(String) : String(x);
};

function row(name: string, rest: Partial<ArgumentsRow> = {}): ArgumentsRow {
  const f = called((metrics as unknown as Record<string, object>)[name]);
  return {
    run: (...args) => shown(f(...args)),
    positional: () => ({ yTrue: truth(), yPred: guess() }),
    named: () => ({ sampleWeight }),
    required: ["yTrue", "yPred"],
    ...rest,
  };
}

const scored = {
  positional: () => ({ yTrue: truth(), yScore: scores() }),
  required: ["yTrue", "yScore"],
};
const classScores = {
  named: () => ({ labels, posLabel: 0, average: "macro", sampleWeight, zeroDivision: 0 }),
};
/** The word is spelled otherwise in scikit-learn. */
const errors = {
  positional: () => ({ yTrue: [1, 2, 4], yPred: [1.5, 2, 3] }),
  named: () => ({ sampleWeight: [1, 2, 1], multioutput: "rawValues" }),
  own: ["multioutput"],
};
const explained = { ...errors, named: () => ({ ...errors.named(), forceFinite: false }) };

describe("metrics", () =>
  describeArguments(
    metrics,
    {
      accuracyScore: row("accuracyScore", { named: () => ({ sampleWeight, normalize: false }) }),
      balancedAccuracyScore: row("balancedAccuracyScore", {
        named: () => ({ sampleWeight, adjusted: true }),
      }),
      precisionScore: row("precisionScore", classScores),
      recallScore: row("recallScore", classScores),
      f1Score: row("f1Score", classScores),
      fbetaScore: row("fbetaScore", {
        named: () => ({ ...classScores.named(), beta: 2 }),
        required: ["yTrue", "yPred", "beta"],
      }),
      precisionRecallFscoreSupport: row("precisionRecallFscoreSupport", {
        named: () => ({ ...classScores.named(), beta: 2 }),
      }),
      confusionMatrix: row("confusionMatrix", { named: () => ({ labels, sampleWeight, normalize: "all" }) }),
      classificationReport: row("classificationReport", {
        named: () => ({
          ...{ labels, targetNames: ["a", "b"], sampleWeight, digits: 3 },
          ...{ outputDict: false, zeroDivision: 1 },
        }),
      }),
      matthewsCorrcoef: row("matthewsCorrcoef"),
      cohenKappaScore: row("cohenKappaScore", {
        positional: () => ({ y1: truth(), y2: guess() }),
        named: () => ({ labels, weights: "linear", sampleWeight }),
        required: ["y1", "y2"],
      }),
      rocCurve: row("rocCurve", {
        ...scored,
        named: () => ({ posLabel: 0, sampleWeight, dropIntermediate: false }),
      }),
      precisionRecallCurve: row("precisionRecallCurve", {
        positional: () => ({ yTrue: truth(), probasPred: scores() }),
        required: ["yTrue", "probasPred"],
        named: () => ({ posLabel: 0, sampleWeight }),
      }),
      averagePrecisionScore: row("averagePrecisionScore", {
        ...scored,
        named: () => ({ posLabel: 0, sampleWeight }),
      }),
      rocAucScore: row("rocAucScore", {
        ...scored,
        named: () => ({ average: "macro", sampleWeight, maxFpr: 0.5, multiClass: "ovr", labels }),
      }),
      auc: row("auc", {
        positional: () => ({ x: [0, 1, 2], y: [1, 0, 3] }),
        named: () => ({}),
        required: ["x", "y"],
      }),
      logLoss: row("logLoss", {
        positional: () => ({ yTrue: truth(), yPred: scores() }),
        named: () => ({ eps: 0.01, normalize: false, sampleWeight, labels }),
      }),
      topKAccuracyScore: row("topKAccuracyScore", {
        ...scored,
        named: () => ({ k: 1, normalize: false, sampleWeight, labels }),
      }),
      meanSquaredError: row("meanSquaredError", errors),
      rootMeanSquaredError: row("rootMeanSquaredError", errors),
      meanAbsoluteError: row("meanAbsoluteError", errors),
      medianAbsoluteError: row("medianAbsoluteError", errors),
      meanAbsolutePercentageError: row("meanAbsolutePercentageError", errors),
      maxError: row("maxError", { ...errors, named: () => ({}) }),
      r2Score: row("r2Score", explained),
      explainedVarianceScore: row("explainedVarianceScore", explained),
    },
    [],
  ));
