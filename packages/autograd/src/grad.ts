import { AutogradError, ValueError } from "@flambeau/backend";
import { type Args, bind, type Requiring, type Tensor, zerosLike } from "@flambeau/tensor";
import { startGradient } from "./check.ts";
import { run } from "./engine.ts";
import { edgeOf, wayToGraph } from "./meta.ts";
import type { Edge } from "./nodes/node.ts";

/** PyTorch has `onlyInputs` next; what follows is given by name. */
const SIGNATURE =
  "grad(outputs: tensor|tensors, inputs: tensor|tensors, gradOutputs?: tensor|array, retainGraph?: bool, createGraph = false, *, allowUnused?, materializeGrads = false)";

interface Types {
  /** The tensors that are differentiated. */
  readonly outputs: Tensor | readonly Tensor[];
  /** The tensors with respect to which. */
  readonly inputs: Tensor | readonly Tensor[];
  /** The gradient with respect to each output; scalars take 1. */
  readonly gradOutputs: Tensor | readonly (Tensor | null | undefined)[] | null;
}

export function grad(...args: Args<typeof SIGNATURE, Types & { readonly allowUnused: false }>): Tensor[];
export function grad(
  ...args: Args<Requiring<typeof SIGNATURE, "materializeGrads">, Types & { readonly materializeGrads: true }>
): Tensor[];
export function grad(...args: Args<typeof SIGNATURE, Types>): (Tensor | null)[];
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
export function grad(...args: unknown[]): (Tensor | null)[] {
  const bound = bind<typeof SIGNATURE, Types>(SIGNATURE, args);
  const { outputs, inputs, gradOutputs, createGraph, retainGraph = createGraph, materializeGrads } = bound;
  const { allowUnused = materializeGrads } = bound;
  if (materializeGrads && !allowUnused) {
    throw new ValueError(
      "grad: materializeGrads gives zeros for unused inputs, which allowUnused: false forbids",
    );
  }
  const outs = list(outputs);
  const ins = list(inputs);
  const starts = gradOutputs === undefined ? [] : list(gradOutputs);
  if (starts.length > 0 && starts.length !== outs.length) {
    throw new ValueError(`grad: ${starts.length} gradients were given for ${outs.length} outputs`);
  }
  const roots = outs.map((out, i): readonly [Edge, Tensor] => {
    const edge = edgeOf(out);
    if (edge === null)
      throw new AutogradError(
        `grad: output ${i} does not depend on any tensor that requires a gradient (${wayToGraph()})`,
      );
    return [edge, startGradient("grad", out, starts[i] ?? undefined)];
  });
  const edges = ins.map((x, i) => {
    const edge = edgeOf(x);
    if (edge === null) throw new AutogradError(`grad: input ${i} does not require a gradient`);
    return edge;
  });
  const captures = new Map<Edge, Tensor | null>(edges.map((edge) => [edge, null]));
  run(roots, { createGraph, retainGraph, captures });
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
