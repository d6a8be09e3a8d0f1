/**
 * `torch.nn.utils.parametrizations`: parametrizations of weights.
 *
 * @module
 */
import { noGrad } from "@flambeau/autograd";
import type { Tensor } from "@flambeau/tensor";
import { type Args, bind } from "@flambeau/tensor";
import { Module } from "../module/module.ts";
import { Buffer } from "../parameter.ts";
import { registerParametrization } from "./parametrize/register.ts";

export { orthogonal } from "./orthogonal.ts";

import { checkIterations, rowDim, unitOf } from "./spectral-norm.ts";
import { asMatrix, fieldNameOf, fieldsOf } from "./tensor-field.ts";
import { keptDim, normExceptDim, type WeightOf } from "./weight-norm.ts";

/** A weight as its direction and its norm; named as in PyTorch, whose texts have the name. */
class _WeightNorm extends Module {
  readonly dim: number | null;

  constructor(dim: number | null) {
    super();
    this.dim = dim;
  }

  override forward(g: Tensor, v: Tensor): Tensor {
    return v.mul(g.div(normExceptDim(v, keptDim(v, this.dim))));
  }

  rightInverse(weight: Tensor): Tensor[] {
    return [normExceptDim(weight, keptDim(weight, this.dim)), weight];
  }
}

const WEIGHT_NORM = "weightNorm(module: module, name: string = 'weight', dim: int|null = 0)";

/**
 * Learns a weight as its direction and its norm: `g * v / |v|`, with a norm for each index of `dim`, or one for all where `dim` is null or
 * -1. `original0` is the norm, `original1` the direction. Source: Salimans and Kingma 2016.
 *
 * @returns the module.
 * @throws ArgumentError when the module has no such parameter; IndexError when `dim` is out of range.
 *
 * @example
 * ```ts
 * import { nn } from "flambeau";
 *
 * const layer = nn.utils.parametrizations.weightNorm(new nn.Linear(2, 3));
 * console.log(Object.keys(layer.stateDict()).slice(1).join(" "));
 * // parametrizations.weight.original0 parametrizations.weight.original1
 * ```
 */
export function weightNorm<M extends Module>(...args: Args<typeof WEIGHT_NORM, WeightOf<M>>): M {
  const { module, name, dim } = bind<typeof WEIGHT_NORM, WeightOf<M>>(WEIGHT_NORM, args);
  keptDim(fieldsOf(module)[fieldNameOf("weightNorm", module, name)] as Tensor, dim);
  return registerParametrization(module, name, new _WeightNorm(dim), { unsafe: true }) as M;
}

/** A weight divided by its largest singular value, as the power method finds it. */
class _SpectralNorm extends Module {
  /** @internal */
  static override readonly stateKeys: Readonly<Record<string, string>> = { u: "_u", v: "_v" };
  readonly dim: number;
  readonly eps: number;
  readonly nPowerIterations: number;
  readonly u: Buffer | null = null;
  readonly v: Buffer | null = null;

  constructor(weight: Tensor, nPowerIterations: number, dim: number, eps: number) {
    super();
    this.dim = dim;
    this.eps = eps;
    this.nPowerIterations = nPowerIterations;
    if (weight.ndim === 1) return;
    const matrix = asMatrix(weight, dim);
    [this.u, this.v] = matrix.shape.map((size) => new Buffer(unitOf(matrix.newEmpty([size]).normal_(), eps)));
    this.iterate(matrix, 15);
  }

  private iterate(matrix: Tensor, steps: number): void {
    const [u, v] = [this.u as Buffer, this.v as Buffer];
    noGrad(() => {
      for (let i = 0; i < steps; i++) {
        u.copy_(unitOf(matrix.mv(v), this.eps));
        v.copy_(unitOf(matrix.t().mv(u), this.eps));
      }
    });
  }

  override forward(weight: Tensor): Tensor {
    if (this.u === null || this.v === null) return unitOf(weight, this.eps);
    const matrix = asMatrix(weight, this.dim);
    if (this.training) this.iterate(matrix, this.nPowerIterations);
    // The vectors are overwritten in the next call, maybe before this one's backward pass.
    return weight.div(this.u.clone().dot(matrix.mv(this.v.clone())));
  }

  rightInverse(value: Tensor): Tensor {
    return value;
  }
}

const SPECTRAL_NORM =
  "spectralNorm(module: module, name: string = 'weight', nPowerIterations: int = 1, eps = 1e-12, dim?: int)";

/**
 * Divides a weight by its largest singular value, which each reading of it in training approximates better by `nPowerIterations` steps of the
 * power method. `dim` is the dimension of the outputs: 0, in transposed convolutions 1. Source: Miyato et al. 2018.
 *
 * @returns the module.
 * @throws ArgumentError when the module has no such tensor; ValueError when `nPowerIterations` is no integer from 1; IndexError when
 *   `dim` is out of range.
 *
 * @example
 * ```ts
 * import { manualSeed, nn } from "flambeau";
 *
 * manualSeed(0);
 * const layer = nn.utils.parametrizations.spectralNorm(new nn.Linear(4, 3));
 * console.log(layer.weight.norm().itemSync() >= 0.99, Object.keys(layer.stateDict()).slice(2).join(" "));
 * // true parametrizations.weight.0._u parametrizations.weight.0._v
 * ```
 */
export function spectralNorm<M extends Module>(...args: Args<typeof SPECTRAL_NORM, WeightOf<M>>): M {
  const bound = bind<typeof SPECTRAL_NORM, WeightOf<M>>(SPECTRAL_NORM, args);
  const { module, name, nPowerIterations, eps, dim } = bound;
  checkIterations("spectralNorm", nPowerIterations);
  const weight = (fieldsOf(module)[fieldNameOf("spectralNorm", module, name)] as Tensor).detach();
  const rows = rowDim(module, weight, dim);
  return registerParametrization(module, name, new _SpectralNorm(weight, nPowerIterations, rows, eps)) as M;
}
