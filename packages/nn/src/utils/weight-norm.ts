import { noGrad } from "@flambeau/autograd";
import { normalizeDim } from "@flambeau/backend";
import { type Args, bind, type Tensor } from "@flambeau/tensor";
import type { Module } from "../module/module.ts";
import { Parameter } from "../parameter.ts";
import { installHook, partOf, uninstallHook, weightField } from "./norm-hook.ts";

/** What functions of a module and the name of one of its weights take. */
export interface WeightOf<M extends Module = Module> {
  /** The module. */
  readonly module: M;
}

/** The norm of a weight along all dimensions but one, or, with null, of all of it. */
export function normExceptDim(weight: Tensor, dim: number | null): Tensor {
  if (dim === null) return weight.norm();
  const others = weight.shape.flatMap((_, d) => (d === dim ? [] : [d]));
  return others.length === 0 ? weight.abs() : weight.norm(2, others, true);
}

/** The dimension that is left out of the norm. */
export function keptDim(weight: Tensor, dim: number | null): number | null {
  return dim === null || dim === -1 ? null : normalizeDim(dim, weight.ndim);
}

const WEIGHT_NORM = "weightNorm(module: module, name: string = 'weight', dim: int|null = 0)";

/**
 * Learns a weight as its direction and its norm: `g * v / |v|`, with a norm for each index of `dim`, or one for all where `dim` is null or
 * -1. The parameters `weight_g` and `weight_v` stand in place of the weight, which is computed anew before each call of the module.
 * `torch.nn.utils.weight_norm`; `parametrizations.weightNorm` is the newer form. Source: Salimans and Kingma 2016.
 *
 * An optimizer is made of the parameters after this.
 *
 * @returns the module.
 * @throws ArgumentError when the module has no such parameter; IndexError when `dim` is out of range.
 *
 * @example
 * ```ts
 * import { nn } from "flambeau";
 *
 * const layer = nn.utils.weightNorm(new nn.Linear(2, 3));
 * console.log(Object.entries(layer.stateDict()).map(([key, x]) => `${key} ${x.shape}`).join(", "));
 * // bias 3, weight_g 3,1, weight_v 3,2
 * ```
 */
export function weightNorm<M extends Module>(...args: Args<typeof WEIGHT_NORM, WeightOf<M>>): M {
  const { module, name, dim } = bind<typeof WEIGHT_NORM, WeightOf<M>>(WEIGHT_NORM, args);
  const [field, weight] = weightField("weightNorm", module, name);
  const kept = keptDim(weight, dim);
  const compute = (self: Module): Tensor => {
    const [g, v] = [partOf(self, field, "g"), partOf(self, field, "v")];
    return v.mul(g.div(normExceptDim(v, kept)));
  };
  const [g, v] = noGrad(() => [normExceptDim(weight, kept), weight.detach()]);
  installHook(module, { kind: "weightNorm", field, compute }, { g: new Parameter(g), v: new Parameter(v) });
  return module;
}

const REMOVE = "removeWeightNorm(module: module, name: string = 'weight')";

/**
 * Makes a weight that `weightNorm` took apart one parameter again, with the values that it has.
 *
 * @returns the module.
 * @throws ValueError when the weight has no `weightNorm`.
 *
 * @example
 * ```ts
 * import { nn } from "flambeau";
 *
 * const layer = nn.utils.removeWeightNorm(nn.utils.weightNorm(new nn.Linear(2, 3)));
 * console.log(layer.namedParameters().map(([name]) => name).join());
 * // bias,weight
 * ```
 */
export function removeWeightNorm<M extends Module>(...args: Args<typeof REMOVE, WeightOf<M>>): M {
  const { module, name } = bind<typeof REMOVE, WeightOf<M>>(REMOVE, args);
  uninstallHook("weightNorm", module, name, ["g", "v"]);
  return module;
}
