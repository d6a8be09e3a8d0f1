import { noGrad } from "@flambeau/autograd";
import { normalizeDim, quote, ValueError } from "@flambeau/backend";
import { type Args, bind, type Tensor } from "@flambeau/tensor";
import { normalize } from "../functional/similarity.ts";
import { ConvTranspose1d, ConvTranspose2d, ConvTranspose3d } from "../layers/conv-transpose.ts";
import type { Module } from "../module/module.ts";
import { Buffer, type Parameter } from "../parameter.ts";
import { installHook, partOf, uninstallHook, weightField } from "./norm-hook.ts";
import { asMatrix } from "./tensor-field.ts";
import type { WeightOf } from "./weight-norm.ts";

const TRANSPOSED = [ConvTranspose1d, ConvTranspose2d, ConvTranspose3d];

/**
 * The dimension whose indices are the rows of a weight's matrix: that of the outputs.
 *
 * @throws IndexError when it is out of range.
 */
export function rowDim(module: Module, weight: Tensor, dim: number | null | undefined): number {
  const own = TRANSPOSED.some((Layer) => module instanceof Layer) ? 1 : 0;
  return normalizeDim(dim ?? own, weight.ndim);
}

/** @throws ValueError when it is no integer from 1. */
export function checkIterations(what: string, n: number): void {
  if (!Number.isInteger(n) || n < 1)
    throw new ValueError(`${what}: nPowerIterations is an integer from 1; got ${quote(n)}`);
}

/** A vector of length 1. */
export function unitOf(x: Tensor, eps: number): Tensor {
  return normalize(x, { dim: 0, eps });
}

const SPECTRAL_NORM =
  "spectralNorm(module: module, name: string = 'weight', nPowerIterations: int = 1, eps = 1e-12, dim?: int)";

/**
 * Divides a weight by its largest singular value, which each call in training approximates better by `nPowerIterations` steps of the power
 * method. The parameter `weight_orig` stands in place of the weight, with the vectors of the method as buffers `weight_u` and `weight_v`; the
 * weight is computed anew before each call of the module. `dim` is the dimension of the outputs: 0, in transposed convolutions 1.
 * `torch.nn.utils.spectral_norm`; `parametrizations.spectralNorm` is the newer form. Source: Miyato et al. 2018.
 *
 * @returns the module.
 * @throws ArgumentError when the module has no such parameter; ValueError when `nPowerIterations` is no integer from 1; IndexError when
 *   `dim` is out of range.
 *
 * @example
 * ```ts
 * import { manualSeed, nn, ones } from "flambeau";
 *
 * manualSeed(0);
 * const layer = nn.utils.spectralNorm(new nn.Linear(4, 3), { nPowerIterations: 20 });
 * layer(ones([1, 4]));
 * console.log(layer.weight.norm().itemSync() >= 0.99, Object.keys(layer.stateDict()).join());
 * // true bias,weight_orig,weight_u,weight_v
 * ```
 */
export function spectralNorm<M extends Module>(...args: Args<typeof SPECTRAL_NORM, WeightOf<M>>): M {
  const { module, name, nPowerIterations, eps, dim } = bind<typeof SPECTRAL_NORM, WeightOf<M>>(
    SPECTRAL_NORM,
    args,
  );
  checkIterations("spectralNorm", nPowerIterations);
  const [field, weight] = weightField("spectralNorm", module, name);
  const rows = rowDim(module, weight, dim);
  const divided = (self: Module, steps: number): Tensor => {
    const [orig, u, v] = ["orig", "u", "v"].map((suffix) => partOf(self, field, suffix));
    const matrix = asMatrix(orig, rows);
    noGrad(() => {
      for (let i = 0; i < steps; i++) {
        v.copy_(unitOf(matrix.t().mv(u), eps));
        u.copy_(unitOf(matrix.mv(v), eps));
      }
    });
    // The vectors are overwritten in the next call, maybe before this one's backward pass.
    return orig.div(u.clone().dot(matrix.mv(v.clone())));
  };
  const compute = (self: Module): Tensor => divided(self, self.training ? nPowerIterations : 0);
  const matrix = asMatrix(weight.detach(), rows);
  const [u, v] = matrix.shape.map((size) => unitOf(matrix.newEmpty([size]).normal_(), eps));
  const parts = { orig: weight as Parameter, u: new Buffer(u), v: new Buffer(v) };
  installHook(module, { kind: "spectralNorm", field, compute, last: (self) => divided(self, 0) }, parts);
  return module;
}

const REMOVE = "removeSpectralNorm(module: module, name: string = 'weight')";

/**
 * Makes a weight that `spectralNorm` divides a parameter again, with the values that it has.
 *
 * @returns the module.
 * @throws ValueError when the weight has no `spectralNorm`.
 *
 * @example
 * ```ts
 * import { nn } from "flambeau";
 *
 * const layer = nn.utils.removeSpectralNorm(nn.utils.spectralNorm(new nn.Linear(4, 3)));
 * console.log(Object.keys(layer.stateDict()).join());
 * // bias,weight
 * ```
 */
export function removeSpectralNorm<M extends Module>(...args: Args<typeof REMOVE, WeightOf<M>>): M {
  const { module, name } = bind<typeof REMOVE, WeightOf<M>>(REMOVE, args);
  uninstallHook("spectralNorm", module, name, ["orig", "u", "v"]);
  return module;
}
