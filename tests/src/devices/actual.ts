/** What a device makes of a trial, as tensors that are not read yet: reads of many trials are waited for together. */
import { type Tensor, tensor } from "@flambeau/tensor";
import { derivativesOf, gradientsOf, Probe } from "../gradients/check.ts";
import { leafShape } from "../samples/index.ts";
import type { Trial } from "./expected.ts";

/** Tensors whose elements are, one after the other, the numbers that `Expected` has; `combine` where they are summed up. */
export interface Actual {
  readonly what: string;
  readonly tensors: readonly Tensor[];
  readonly combine?: (elements: readonly (readonly number[])[]) => number[];
}

/** Runs a trial in float32 on a device. */
export function run(trial: Trial, device: string): Actual[] {
  const { directions, weights: drawn } = trial;
  const probe = new Probe(trial.case, "float32", device);
  const at = trial.case.inputs.map((input) => input.values);
  const { leaves, outputs } = probe.run(at, true);
  const weights = outputs.map((o, i) =>
    tensor(Float32Array.from(drawn[i]), { device }).reshape(o.shape).requiresGrad_(),
  );
  const list: Actual[] = [{ what: "the outputs", tensors: outputs.map((o) => o.detach()) }];
  const add = (gradients: readonly Tensor[], prefix: string): void => {
    if (trial.summed) {
      list.push({
        what: `${prefix}gradient along a direction`,
        tensors: gradients,
        combine: along(directions),
      });
    } else {
      for (const [k, g] of gradients.entries())
        list.push({ what: `${prefix}gradient of input ${k}`, tensors: [g] });
    }
  };
  const constant = weights.map((w) => w.detach());
  const first = gradientsOf(outputs, leaves, constant);
  add(first, "the ");
  if (!trial.smooth) return list;
  const recorded = gradientsOf(outputs, leaves, weights, true);
  add(
    recorded.map((g) => g.detach()),
    "the recorded ",
  );
  const second = derivativesOf(
    recorded,
    directions.map((d, k) =>
      tensor(Float32Array.from(d), { device }).reshape(leafShape(trial.case.inputs[k])),
    ),
    [...leaves, ...weights],
  );
  leaves.forEach((_, k) => {
    list.push({ what: `the second derivative by input ${k}`, tensors: [second[k]] });
  });
  list.push({
    what: "the derivative of the gradient by the outputs' gradient",
    tensors: second.slice(leaves.length),
  });
  return list;
}

function along(directions: Trial["directions"]): Required<Actual>["combine"] {
  return (elements) => [
    elements.reduce((sum, list, k) => sum + list.reduce((s, v, i) => s + v * directions[k][i], 0), 0),
  ];
}
