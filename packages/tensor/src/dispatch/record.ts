import type { Attrs, OpName } from "../ops/names.ts";
import type { Recorder } from "../recorder.ts";
import type { Operand, Tensor } from "../tensor.ts";

/**
 * Passes an op that has run to the recorder of the first tracked input, if any; returns its output.
 *
 * @internal
 */
export function record<K extends OpName>(
  op: K,
  inputs: readonly Operand[],
  attributes: Attrs<K>,
  output: Tensor,
): Tensor {
  recorderOf(inputs)?.record(op, inputs, attributes, [output]);
  return output;
}

/** `record` of an op with several outputs. */
export function recordAll<K extends OpName>(
  op: K,
  inputs: readonly Operand[],
  attributes: Attrs<K>,
  outputs: readonly Tensor[],
): void {
  recorderOf(inputs)?.record(op, inputs, attributes, outputs);
}

/** The recorder of the first input that carries one. */
function recorderOf(inputs: readonly Operand[]): Recorder | null {
  for (let i = 0; i < inputs.length; i++) {
    const x = inputs[i];
    if (typeof x === "object" && x.recorder !== null) return x.recorder;
  }
  return null;
}

/**
 * Runs `write`, which overwrites `target` with the result of an op, between the recorder's part before it and after it,
 * and counts the version by which stale saved tensors are found.
 */
export function recordWrite<K extends OpName>(
  op: K,
  inputs: readonly Operand[],
  attributes: Attrs<K>,
  target: Tensor,
  write: () => void,
): Tensor {
  const recorder = target.recorder ?? recorderOf(inputs);
  const finish = recorder === null ? null : recorder.prepareWrite(op, inputs, attributes, target);
  write();
  target.storage.version++;
  finish?.();
  return target;
}
