/** Ops with derivatives of their own, of any number of inputs and outputs. */
import { dispatch, lifetime, named, type Tensor } from "@flambeau/tensor";
import { AutogradFunction } from "./function.ts";
import type { FunctionContext } from "./function-context.ts";
import { isGradEnabled } from "./mode.ts";

/**
 * What a derivative is computed from.
 *
 * @internal
 */
export interface Backward {
  /** The gradient of each output; null where none has arrived. */
  readonly grads: readonly (Tensor | null)[];
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** Which inputs' gradients are wanted. */
  readonly needs: readonly boolean[];
}

/**
 * An op that brings its derivative, written with recorded ops, so that it has one itself. It is loaded with the op alone.
 *
 * @internal
 */
export interface DerivedOp {
  /** As PyTorch names its node: "LinalgQr". */
  readonly name: string;
  readonly run: (inputs: readonly Tensor[]) => Tensor[];
  /** The gradient of each input; null where there is none. */
  readonly backward: (context: Backward) => (Tensor | null)[];
  /** Whether the derivative reads the inputs, or only the outputs. */
  readonly readsInputs?: boolean;
  /** Which outputs have no gradient, beside integers. */
  readonly constant?: readonly number[];
}

class Derived extends AutogradFunction {
  static override forward(ctx: FunctionContext, op: DerivedOp, ...inputs: Tensor[]): Tensor[] {
    const outputs = observed(op, inputs);
    ctx.op = op;
    ctx.setMaterializeGrads(false);
    if (op.constant !== undefined) ctx.markNonDifferentiable(...op.constant.map((k) => outputs[k]));
    ctx.saveForBackward(...(op.readsInputs ? inputs : []), ...outputs);
    return outputs;
  }

  static override backward(ctx: FunctionContext, ...grads: (Tensor | null)[]): (Tensor | null)[] {
    const { op, savedTensors, needsInputGrad } = ctx as FunctionContext & { readonly op: DerivedOp };
    const needs = needsInputGrad.slice(1);
    const count = op.readsInputs ? needs.length : 0;
    const context = {
      grads,
      needs,
      inputs: savedTensors.slice(0, count),
      outputs: savedTensors.slice(count),
    };
    const run = (): (Tensor | null)[] => op.backward(context);
    return [null, ...(isGradEnabled() ? run() : lifetime.tidy(run))];
  }
}

/** Runs an op, which hooks see as they see those of the tensor package: "linalgQr". */
function observed({ name, run }: DerivedOp, inputs: readonly Tensor[]): Tensor[] {
  return dispatch.observed("op", name[0].toLowerCase() + name.slice(1), inputs, undefined, () => run(inputs));
}

/**
 * Runs an op, which is recorded where an input requires a gradient.
 *
 * @internal
 */
export function derived(op: DerivedOp, ...inputs: Tensor[]): Tensor[] {
  const outputs = Derived.apply(op, ...inputs);
  const recorded = outputs.find((y) => y.requiresGrad);
  if (recorded !== undefined) named(recorded, op.name);
  return outputs;
}
