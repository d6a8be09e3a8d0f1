/**
 * Batch norms in evaluation made part of the layer before them: `torch.nn.utils.fusion`.
 *
 * @module
 */
import { noGrad } from "@flambeau/autograd";
import { ValueError } from "@flambeau/backend";
import { type Args, bind, onesLike, type Tensor, zerosLike } from "@flambeau/tensor";
import { deepcopy } from "../deepcopy.ts";
import type { Module } from "../module/module.ts";
import { Parameter } from "../parameter.ts";
import { fieldsOf } from "./tensor-field.ts";

/** What is read of a batch norm. */
interface Norm {
  readonly runningMean: Tensor | null;
  readonly runningVar: Tensor | null;
  readonly eps: number;
  readonly weight: Tensor | null;
  readonly bias: Tensor | null;
}

/** A weight and a bias that do a batch norm's work, too: `shape` brings a factor for each channel to the weight. */
function fused(weight: Tensor, bias: Tensor | null, norm: Norm, shape: readonly number[]): Parameter[] {
  const { runningMean, runningVar, eps } = norm;
  if (runningMean === null || runningVar === null)
    throw new ValueError(
      "a batch norm without running statistics cannot be fused: it takes each batch's own",
    );
  return noGrad(() => {
    const scale = (norm.weight ?? onesLike(runningMean)).mul(runningVar.add(eps).rsqrt());
    const shift = norm.bias ?? zerosLike(runningMean);
    const own = bias ?? zerosLike(runningMean);
    return [weight.mul(scale.reshape(shape)), own.sub(runningMean).mul(scale).add(shift)].map(
      (x) => new Parameter(x),
    );
  });
}

/** A copy of a layer with a batch norm in its weight and bias. */
function fuse<M extends Module>(what: string, layer: M, norm: Module, channelDim: number): M {
  if (layer.training || norm.training)
    throw new ValueError(`${what} is for evaluation: call eval() on both modules first`);
  const copy = deepcopy(layer);
  const fields = fieldsOf(copy);
  const weight = fields.weight as Tensor;
  const shape = weight.shape.map((_, d) => (d === channelDim ? -1 : 1));
  const [w, b] = fused(weight, fields.bias as Tensor | null, norm as unknown as Norm, shape);
  fields.weight = w;
  fields.bias = b;
  return copy;
}

interface ConvAndNorm<M extends Module> {
  /** The convolution. */
  readonly conv: M;
  /** The batch norm after it. */
  readonly bn: Module;
}

const FUSE_CONV = "fuseConvBnEval(conv: module, bn: module, transpose: bool = false)";

/**
 * A convolution that computes what a convolution and the batch norm after it do in evaluation; `transpose` for transposed convolutions.
 * The modules stay as they are.
 *
 * @throws ValueError when one of them is in training mode, or the batch norm has no running statistics.
 *
 * @example
 * ```ts
 * import { nn, ones } from "flambeau";
 *
 * const [conv, norm] = [new nn.Conv2d(1, 2, 3).eval(), new nn.BatchNorm2d(2).eval()];
 * const both = nn.utils.fusion.fuseConvBnEval(conv, norm);
 * const x = ones([1, 1, 4, 4]);
 * console.log(both(x).allclose(norm(conv(x)), { atol: 1e-6 }));
 * // true
 * ```
 */
export function fuseConvBnEval<M extends Module>(...args: Args<typeof FUSE_CONV, ConvAndNorm<M>>): M {
  const { conv, bn, transpose } = bind<typeof FUSE_CONV, ConvAndNorm<M>>(FUSE_CONV, args);
  return fuse("fuseConvBnEval", conv, bn, transpose ? 1 : 0);
}

interface LinearAndNorm<M extends Module> {
  /** The linear layer. */
  readonly linear: M;
  /** The batch norm after it. */
  readonly bn: Module;
}

const FUSE_LINEAR = "fuseLinearBnEval(linear: module, bn: module)";

/**
 * A linear layer that computes what a linear layer and the batch norm after it do in evaluation. The modules stay as they are.
 *
 * @throws ValueError when one of them is in training mode, or the batch norm has no running statistics.
 *
 * @example
 * ```ts
 * import { nn, ones } from "flambeau";
 *
 * const [linear, norm] = [new nn.Linear(3, 2).eval(), new nn.BatchNorm1d(2).eval()];
 * const both = nn.utils.fusion.fuseLinearBnEval(linear, norm);
 * console.log(both(ones([4, 3])).allclose(norm(linear(ones([4, 3]))), { atol: 1e-6 }));
 * // true
 * ```
 */
export function fuseLinearBnEval<M extends Module>(...args: Args<typeof FUSE_LINEAR, LinearAndNorm<M>>): M {
  const { linear, bn } = bind<typeof FUSE_LINEAR, LinearAndNorm<M>>(FUSE_LINEAR, args);
  return fuse("fuseLinearBnEval", linear, bn, 0);
}
