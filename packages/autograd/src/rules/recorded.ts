import type { Tensor } from "@flambeau/tensor";
import { grad } from "../grad.ts";
import type { Gradients } from "../nodes/node.ts";
import type { Context } from "./structural.ts";

/**
 * The gradients of an op whose forward pass `run` computes with recorded ops, so that they can be differentiated again. Inputs are
 * copied, so that one which depends on another stays an input of its own.
 */
export function recorded(
  c: Context<unknown>,
  grads: Gradients,
  run: (inputs: readonly Tensor[]) => readonly Tensor[],
): (Tensor | null)[] {
  const inputs = inputsOf(c);
  const outputs = run(inputs);
  const given = outputs.flatMap((y, k) => (grads[k] == null ? [] : [[y, grads[k] as Tensor] as const]));
  const needed = inputs.filter((_, k) => c.needs(k));
  const found = grad(
    given.map(([y]) => y),
    needed,
    { gradOutputs: given.map(([, g]) => g), createGraph: true, allowUnused: true },
  );
  return inputs.map((_, k) => (c.needs(k) ? (found.shift() ?? null) : null));
}

/** All inputs of an op whose rule saves them. */
export function inputsOf(c: Context<unknown>): Tensor[] {
  return Array.from({ length: c.count }, (_, k) => c.input(k).clone());
}
