/** The start of the backward pass; `@flambeau/autograd` has the rest. */
import { callable } from "./call/callable.ts";
import type { Callable } from "./call/signature.ts";
import { track } from "./recorder.ts";
import type { Tensor } from "./tensor.ts";

interface Types {
  /** Add gradients to the `grad` of these tensors alone, leaves or not, instead of every leaf's. */
  readonly inputs: Tensor | readonly Tensor[] | null;
}

const BACKWARD =
  "backward(input, gradient?: tensor, retainGraph?: bool, createGraph = false, inputs?: tensor|tensors)";

/** See the method of Tensor. */
export const backward: Callable<typeof BACKWARD, void, Types> = callable<typeof BACKWARD, void, Types>(
  BACKWARD,
  (input, gradient, retainGraph, createGraph, inputs) => {
    (input.recorder ?? track(input)).backward(input, gradient, { retainGraph, createGraph, inputs });
  },
);
