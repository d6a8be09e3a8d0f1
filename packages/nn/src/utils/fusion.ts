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

/** A weight and a bias that do a batch norm's work, too; the channels are a dimension of the weight. */
function fused(weight: Tensor, bias: Tensor | null, norm: Norm, channelDim: number): Parameter[] {
  const shape = weight.shape.map((_, d) => (d === channelDim ? -1 : 1));
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
  const [w, b] = fused(weight, fields.bias as Tensor | null, norm as unknown as Norm, channelDim);
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

interface Weights {
  /** The running means of the batch norm: `[channels]`. */
  readonly bnRm: Tensor;
  /** The running variances of the batch norm. */
  readonly bnRv: Tensor;
  /** What the batch norm adds to the variances. */
  readonly bnEps: number;
  /** The factors of the batch norm, or null for ones. */
  readonly bnW: Tensor | null;
  /** What the batch norm adds, or null. */
  readonly bnB: Tensor | null;
}

interface ConvWeights extends Weights {
  /** The weight of the convolution. */
  readonly convW: Tensor;
  /** The bias of the convolution, or null. */
  readonly convB: Tensor | null;
}

const FUSE_CONV_WEIGHTS =
  "fuseConvBnWeights(convW: tensor, convB: tensor|null, bnRm: tensor, bnRv: tensor, bnEps: number, bnW: tensor|null, bnB: tensor|null, transpose: bool = false)";

/**
 * The weight and the bias of `fuseConvBnEval`, of those of a convolution and the numbers of a batch norm.
 *
 * @example
 * ```ts
 * import { nn, ones, zeros } from "flambeau";
 *
 * const [one, none] = [ones([2]), zeros([2])];
 * const [weight, bias] = nn.utils.fuseConvBnWeights(ones([2, 1, 3]), null, one, one.mul(4), 0, null, none);
 * console.log(weight.shape, String(bias.detach()));
 * // [ 2, 1, 3 ] tensor([-0.5000, -0.5000])
 * ```
 */
export function fuseConvBnWeights(
  ...args: Args<typeof FUSE_CONV_WEIGHTS, ConvWeights>
): [weight: Parameter, bias: Parameter] {
  const bound = bind<typeof FUSE_CONV_WEIGHTS, ConvWeights>(FUSE_CONV_WEIGHTS, args);
  const { convW, convB, transpose, ...norm } = bound;
  return fusedWeights(convW, convB, norm, transpose ? 1 : 0);
}

interface LinearWeights extends Weights {
  /** The weight of the linear layer. */
  readonly linearW: Tensor;
  /** The bias of the linear layer, or null. */
  readonly linearB: Tensor | null;
}

const FUSE_LINEAR_WEIGHTS =
  "fuseLinearBnWeights(linearW: tensor, linearB: tensor|null, bnRm: tensor, bnRv: tensor, bnEps: number, bnW: tensor|null, bnB: tensor|null)";

/**
 * The weight and the bias of `fuseLinearBnEval`, of those of a linear layer and the numbers of a batch norm.
 *
 * @example
 * ```ts
 * import { nn, ones, zeros } from "flambeau";
 *
 * const [one, none] = [ones([2]), zeros([2])];
 * const [weight, bias] = nn.utils.fuseLinearBnWeights(ones([2, 3]), none, one, one, 0, one, none);
 * console.log(weight.shape, bias.shape);
 * // [ 2, 3 ] [ 2 ]
 * ```
 */
export function fuseLinearBnWeights(
  ...args: Args<typeof FUSE_LINEAR_WEIGHTS, LinearWeights>
): [weight: Parameter, bias: Parameter] {
  const bound = bind<typeof FUSE_LINEAR_WEIGHTS, LinearWeights>(FUSE_LINEAR_WEIGHTS, args);
  const { linearW, linearB, ...norm } = bound;
  return fusedWeights(linearW, linearB, norm, 0);
}

function fusedWeights(
  weight: Tensor,
  bias: Tensor | null,
  { bnRm, bnRv, bnEps, bnW, bnB }: Weights,
  channelDim: number,
): [weight: Parameter, bias: Parameter] {
  const norm = { runningMean: bnRm, runningVar: bnRv, eps: bnEps, weight: bnW, bias: bnB };
  return fused(weight, bias, norm, channelDim) as [Parameter, Parameter];
}
