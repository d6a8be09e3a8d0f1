/**
 * Where every primitive op runs: its inputs are validated, its outputs allocated, its kernel called, its call recorded for the
 * derivative, and seen by the hooks. Elementwise ops have their own way in `elementwise.ts`.
 *
 * Each function has its closures in another one: a function that makes a closure of its parameters pays for them at every call.
 *
 * @module
 * @internal
 */
import type { Attrs } from "../ops/names.ts";
import { type Operand, Tensor } from "../tensor.ts";
import { commonBackend } from "./devices.ts";
import { observed, observer } from "./observe.ts";
import type { MultiOp, Op, PrimitiveName, ViewOp } from "./op.ts";
import { record, recordAll, recordWrite } from "./record.ts";

/**
 * Runs an op of one output.
 *
 * @throws DeviceError when the inputs are on several devices; what the op's `shape` throws.
 */
export function runOp<K extends PrimitiveName>(
  op: Op<K>,
  inputs: readonly Tensor[],
  attributes: Attrs<K>,
): Tensor {
  return observer === null ? execute(op, inputs, attributes) : observedOp(op, inputs, attributes);
}

function execute<K extends PrimitiveName>(
  op: Op<K>,
  inputs: readonly Tensor[],
  attributes: Attrs<K>,
): Tensor {
  const backend = commonBackend(op.name, inputs);
  const output = Tensor.empty(backend, op.shape(inputs, attributes), op.dtype(inputs, attributes));
  op.run(inputs, attributes, output);
  return record(op.name, inputs, attributes, output);
}

function observedOp<K extends PrimitiveName>(
  op: Op<K>,
  inputs: readonly Tensor[],
  attributes: Attrs<K>,
): Tensor {
  return observed("op", op.name, inputs, attributes, () => execute(op, inputs, attributes));
}

/** Runs an op whose output is a view. */
export function runView<K extends PrimitiveName>(op: ViewOp<K>, input: Tensor, attributes: Attrs<K>): Tensor {
  return observer === null
    ? record(op.name, [input], attributes, op.view(input, attributes))
    : observedView(op, input, attributes);
}

function observedView<K extends PrimitiveName>(op: ViewOp<K>, input: Tensor, attributes: Attrs<K>): Tensor {
  return observed("view", op.name, [input], attributes, () =>
    record(op.name, [input], attributes, op.view(input, attributes)),
  );
}

/**
 * Runs an op of several outputs, of which the first `recorded` can have gradients; left out, all.
 *
 * @throws DeviceError when the inputs are on several devices; what the op's `outputs` throws.
 */
export function runMulti<K extends PrimitiveName, T extends readonly Tensor[] = readonly Tensor[]>(
  op: MultiOp<K>,
  inputs: readonly Tensor[],
  attributes: Attrs<K>,
  recorded: number = Number.POSITIVE_INFINITY,
): T {
  const outputs =
    observer === null
      ? executeAll(op, inputs, attributes, recorded)
      : observedAll(op, inputs, attributes, recorded);
  return outputs as T;
}

function executeAll<K extends PrimitiveName>(
  op: MultiOp<K>,
  inputs: readonly Tensor[],
  attributes: Attrs<K>,
  recorded: number,
): readonly Tensor[] {
  commonBackend(op.name, inputs);
  const outputs = op.outputs(inputs, attributes);
  if (op.run !== null) op.run(inputs, attributes, outputs);
  recordAll(op.name, inputs, attributes, outputs.slice(0, recorded));
  return outputs;
}

function observedAll<K extends PrimitiveName>(
  op: MultiOp<K>,
  inputs: readonly Tensor[],
  attributes: Attrs<K>,
  recorded: number,
): readonly Tensor[] {
  const kind = op.run === null ? "view" : "op";
  return observed(kind, op.name, inputs, attributes, () => executeAll(op, inputs, attributes, recorded));
}

/**
 * Overwrites `target`, the first input, by `write`. The derivative is that of `op`; hooks see it under `name`.
 */
export function runWrite<K extends PrimitiveName>(
  op: K,
  inputs: readonly Operand[],
  attributes: Attrs<K>,
  target: Tensor,
  write: () => void,
  name: string = op,
): Tensor {
  return observer === null
    ? recordWrite(op, inputs, attributes, target, write)
    : observedWrite(op, inputs, attributes, target, write, name);
}

function observedWrite<K extends PrimitiveName>(
  op: K,
  inputs: readonly Operand[],
  attributes: Attrs<K>,
  target: Tensor,
  write: () => void,
  name: string,
): Tensor {
  return observed("write", name, inputs, attributes, () =>
    recordWrite(op, inputs, attributes, target, write),
  );
}

/** Moves a tensor to another device, where `upload` takes its elements. */
export function runTransfer(input: Tensor, device: string, upload: () => Tensor): Tensor {
  return observed("op", "transfer", [input], { device }, () =>
    record("transfer", [input], { device }, upload()),
  );
}
