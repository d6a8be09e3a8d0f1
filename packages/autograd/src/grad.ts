import { AutogradError, ValueError } from "@flambeau/backend";
import { type Tensor, zerosLike } from "@flambeau/tensor";
import { startGradient } from "./check.ts";
import { run } from "./engine.ts";
import { edgeOf, wayToGraph } from "./meta.ts";
import type { Node } from "./node.ts";

/** Options of `grad`. */
export interface GradOptions {
  /** The gradient with respect to each output; scalars take 1. */
  readonly gradOutputs?: Tensor | readonly (Tensor | undefined)[];
  /** Keep saved tensors, so that the graph can be run again. Defaults to `createGraph`. */
  readonly retainGraph?: boolean;
  /** Record the backward pass, so that the result can be differentiated. Default false. */
  readonly createGraph?: boolean;
  /** Give null for inputs that the outputs do not depend on, instead of an error. Default: `materializeGrads`. */
  readonly allowUnused?: boolean;
  /** Give zeros for them. Default false. */
  readonly materializeGrads?: boolean;
}

export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  options?: GradOptions & ({ readonly allowUnused?: false } | { readonly materializeGrads: true }),
): Tensor[];
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  options: GradOptions,
): (Tensor | null)[];
/**
 * The gradients of outputs with respect to inputs, without touching any `grad`.
 *
 * @throws AutogradError when an output or input requires no gradient, or an input was not used (unless allowed);
 *   ValueError when `materializeGrads` comes with `allowUnused: false`.
 *
 * @example
 * ```ts
 * import { grad, tensor } from "flambeau";
 *
 * const x = tensor(3, { requiresGrad: true });
 * const [first] = grad(x.pow(3), x, { createGraph: true });
 * const [second] = grad(first, x);
 * console.log(String(second));
 * // tensor(18.)
 * ```
 */
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  options: GradOptions = {},
): (Tensor | null)[] {
  const { materializeGrads = false, allowUnused = materializeGrads } = options;
  if (materializeGrads && !allowUnused) {
    throw new ValueError(
      "grad: materializeGrads gives zeros for unused inputs, which allowUnused: false forbids",
    );
  }
  const outs = list(outputs);
  const ins = list(inputs);
  const starts = options.gradOutputs === undefined ? [] : list(options.gradOutputs);
  if (starts.length > 0 && starts.length !== outs.length) {
    throw new ValueError(`grad: ${starts.length} gradients were given for ${outs.length} outputs`);
  }
  const roots = outs.map((out, i): readonly [Node, Tensor] => {
    const edge = edgeOf(out);
    if (edge === null)
      throw new AutogradError(
        `grad: output ${i} does not depend on any tensor that requires a gradient (${wayToGraph()})`,
      );
    return [edge, startGradient("grad", out, starts[i])];
  });
  const edges = ins.map((x, i) => {
    const edge = edgeOf(x);
    if (edge === null) throw new AutogradError(`grad: input ${i} does not require a gradient`);
    return edge;
  });
  const captures = new Map<Node, Tensor | null>(edges.map((edge) => [edge, null]));
  const createGraph = options.createGraph ?? false;
  run(roots, { createGraph, retainGraph: options.retainGraph ?? createGraph, captures });
  return ins.map((x, i) => {
    const found = captures.get(edges[i]) ?? null;
    if (found !== null) return found;
    if (materializeGrads) return zerosLike(x.detach());
    if (allowUnused) return null;
    throw new AutogradError(
      `grad: the outputs do not depend on input ${i}; give { allowUnused: true } to take null, { materializeGrads: true } to take zeros`,
    );
  });
}

function list<T>(x: T | readonly T[]): readonly T[] {
  return Array.isArray(x) ? x : [x as T];
}
