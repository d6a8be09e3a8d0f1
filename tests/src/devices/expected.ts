/**
 * What a case must give on any device, from the CPU in float64: outputs as computed, derivatives by central differences,
 * second ones by differences of the gradient (which tests/src/gradients has proven).
 */

import { tensor } from "@flambeau/tensor";
import { columns, eighths, moved, Probe, step, type Values } from "../gradients/check.ts";
import type { Case } from "../samples/index.ts";

/** Numbers that a device's must be near to, under the name of what they are. */
export interface Expected {
  readonly what: string;
  readonly values: readonly number[];
}

/** A case with everything that is drawn besides it. */
export interface Trial {
  readonly case: Case;
  readonly smooth: boolean;
  /** Of the outputs' elements, and of the inputs'. */
  readonly weights: Values;
  readonly directions: Values;
  /** Whether the gradient is compared along the directions only, since it has many elements. */
  readonly summed: boolean;
}

export interface TrialOptions {
  readonly smooth: boolean;
  readonly step?: number;
}

/** The case with inputs that float32 holds exactly, so that both devices compute with the same numbers. */
function rounded(c: Case): Case {
  return { ...c, inputs: c.inputs.map((input) => ({ ...input, values: input.values.map(Math.fround) })) };
}

/** Draws weights and directions from `seed`, and computes what the case must give. */
export function expect(
  drawn: Case,
  seed: number,
  options: TrialOptions,
): { trial: Trial; expected: Expected[] } {
  const c = rounded(drawn);
  const h = options.step ?? step;
  const draw = eighths(seed);
  const probe = new Probe(c);
  const at = c.inputs.map((input) => input.values);
  const { outputs } = probe.run(at, false);
  const weights = outputs.map((o) => Array.from({ length: o.numel() }, draw));
  const directions = at.map((list) => list.map(draw));
  const summed = at.reduce((n, list) => n + list.length, 0) > columns;
  const expected: Expected[] = [{ what: "the outputs", values: probe.values(at) }];

  const flatWeights = weights.flat();
  const slope = (along: Values): number[] => {
    const above = probe.values(moved(at, along, h));
    const below = probe.values(moved(at, along, -h));
    return above.map((v, i) => (v - below[i]) / (2 * h));
  };
  const total = (along: Values): number => slope(along).reduce((sum, d, i) => sum + d * flatWeights[i], 0);
  const only = (k: number, i: number): Values =>
    at.map((list, m) => list.map((_, j) => (m === k && j === i ? 1 : 0)));
  const gradients = summed
    ? [[total(directions)]]
    : at.map((list, k) => list.map((_, i) => total(only(k, i))));
  const addGradients = (prefix: string): void => {
    gradients.forEach((values, k) => {
      const what = summed ? "gradient along a direction" : `gradient of input ${k}`;
      expected.push({ what: prefix + what, values });
    });
  };
  addGradients("the ");
  if (options.smooth) {
    addGradients("the recorded ");
    const tensors = outputs.map((o, i) => tensor(Float64Array.from(weights[i])).reshape(o.shape));
    const before = probe.gradients(moved(at, directions, -h), tensors);
    const after = probe.gradients(moved(at, directions, h), tensors);
    after.forEach((list, k) => {
      const values = list.map((v, i) => (v - before[k][i]) / (2 * h));
      expected.push({ what: `the second derivative by input ${k}`, values });
    });
    expected.push({
      what: "the derivative of the gradient by the outputs' gradient",
      values: slope(directions),
    });
  }
  return { trial: { case: c, smooth: options.smooth, weights, directions, summed }, expected };
}
