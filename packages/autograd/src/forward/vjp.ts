import { type Tensor, zerosLike } from "@flambeau/tensor";
import { run } from "../engine.ts";
import { edgeOf } from "../meta.ts";
import type { Edge } from "../nodes/node.ts";
import { checkFunction, checkInputs, fitting } from "./check.ts";
import { type Outputs, trace } from "./linearize.ts";

/** The gradients of the primals, given those of the outputs. */
export type Pullback<O extends Outputs> = (cotangents: O) => Tensor[];

/** A function at a point, and its derivative in reverse. */
export interface Reverse {
  readonly outputs: readonly Tensor[];
  readonly isList: boolean;
  readonly pull: (cotangents: readonly Tensor[]) => Tensor[];
}

/** Runs a function with a graph from copies of its inputs, along which gradients are pulled back as often as one likes. */
export function reversed(
  what: string,
  fn: (...inputs: Tensor[]) => Outputs,
  inputs: readonly Tensor[],
): Reverse {
  checkInputs(what, inputs);
  const { isOuter, starts, traced, isRecorded, ...result } = trace(what, fn, inputs);
  const pull = (cotangents: readonly Tensor[]): Tensor[] => {
    const captures = new Map<Edge, Tensor | null>(starts.map((start) => [start, null]));
    const roots = traced.flatMap((y, k): [Edge, Tensor][] => {
      const edge = edgeOf(y);
      return edge === null ? [] : [[edge, cotangents[k]]];
    });
    const createGraph = isOuter && (isRecorded || cotangents.some((g) => g.requiresGrad));
    if (roots.length > 0) run(roots, { createGraph, retainGraph: true, captures });
    return starts.map((start, k) => captures.get(start) ?? zerosLike(inputs[k].detach()));
  };
  return { ...result, pull };
}

export function vjp(
  func: (...primals: Tensor[]) => Tensor,
  ...primals: Tensor[]
): [output: Tensor, pullback: Pullback<Tensor>];
export function vjp(
  func: (...primals: Tensor[]) => readonly Tensor[],
  ...primals: Tensor[]
): [outputs: Tensor[], pullback: Pullback<readonly Tensor[]>];
/**
 * A function's outputs at a point, and a function that gives the gradients of the point's tensors for gradients of the outputs, as
 * often as one likes: PyTorch's `torch.func.vjp`. No `grad` is touched.
 *
 * @throws ArgumentError when `func` is no function; DTypeError when a primal is no tensor; AutogradError when there are no primals, one is no
 *   float, or the function gives something else than tensors; ShapeError,
 *   DTypeError and DeviceError when a gradient does not fit.
 *
 * @example
 * ```ts
 * import { tensor, vjp } from "flambeau";
 *
 * const [y, pullback] = vjp((x, w) => x.mul(w).sum(), tensor([1, 2]), tensor([3, 4]));
 * console.log(String(y), pullback(tensor(1)).map(String));
 * // tensor(11.) [ 'tensor([3., 4.])', 'tensor([1., 2.])' ]
 * ```
 */
export function vjp(
  func: (...primals: Tensor[]) => Outputs,
  ...primals: Tensor[]
): [Tensor | Tensor[], (cotangents: never) => Tensor[]] {
  checkFunction("vjp", func);
  const { outputs, isList, pull } = reversed("vjp", func, primals);
  const pullback = (cotangents: Outputs): Tensor[] => {
    const given = Array.isArray(cotangents) ? cotangents : [cotangents as Tensor];
    return pull(fitting("vjp", "cotangents", outputs, given));
  };
  return [isList ? [...outputs] : outputs[0], pullback];
}
