import { formatShape, IndexError, isFloat, quote, ShapeError, ValueError } from "@flambeau/backend";
import {
  type Args,
  bind,
  cat,
  full,
  type NamedTuple,
  namedTuple,
  type Tensor,
  zeros,
} from "@flambeau/tensor";
import { ModuleList } from "../containers/module-list.ts";
import { Sequential } from "../containers/sequential.ts";
import { Linear, type LinearOptions } from "../layers/linear.ts";
import { Module } from "../module/module.ts";

const SIGNATURE =
  "AdaptiveLogSoftmaxWithLoss(inFeatures: int, nClasses: int, cutoffs: ints, divValue: number = 4, headBias: bool = false, *, device?, dtype?)";

/** What an `AdaptiveLogSoftmaxWithLoss` gives: by name, and in this order. */
export interface AdaptiveLogSoftmax {
  /** The log-probability of each example's class: `[batch]`, or a scalar for one example. */
  readonly output: Tensor;
  /** The mean of their negatives: a scalar. */
  readonly loss: Tensor;
}

/**
 * The log-probability of each example's class, and their mean as a loss, for very many classes in the order of their frequency: the rare ones
 * are in clusters, from one of `cutoffs` to the next, with ever smaller layers. A call takes an input `[batch, inFeatures]` and int64
 * classes `[batch]`, or one example without the batch, and gives `output` and `loss`, by name or as `[output, loss]`. Source: Grave et al. 2016, "Efficient softmax approximation
 * for GPUs".
 *
 * @throws ValueError when `cutoffs` are not rising integers from 1 to `nClasses - 1`. Calls: ShapeError when the shapes do not fit;
 *   IndexError when a class is out of range, which a device that cannot be read at once does not check: there the log-probabilities of all classes
 *   are computed.
 *
 * @example
 * ```ts
 * import { nn, ones, tensor } from "flambeau";
 *
 * const layer = new nn.AdaptiveLogSoftmaxWithLoss(8, 20, [5, 10]);
 * const [output, loss] = layer(ones([3, 8]), tensor([0n, 7n, 19n]));
 * console.log(output.shape, loss.shape, layer.logProb(ones([3, 8])).shape);
 * // [ 3 ] [] [ 3, 20 ]
 * ```
 */
export class AdaptiveLogSoftmaxWithLoss extends Module {
  /** The size of inputs. */
  readonly inFeatures: number;
  /** How many classes there are. */
  readonly nClasses: number;
  /** Where the clusters end; the last is the number of classes. */
  readonly cutoffs: readonly number[];
  /** How many times smaller the layer of each cluster is than that of the one before. */
  readonly divValue: number;
  /** Whether the head has a bias. */
  readonly headBias: boolean;
  /** For the frequent classes and the clusters. */
  head: Linear;
  /** For the classes of each cluster. */
  tail: ModuleList<Sequential<[Linear, Linear]>>;

  constructor(...args: Args<typeof SIGNATURE, LinearOptions>) {
    super();
    const bound = bind<typeof SIGNATURE, LinearOptions>(SIGNATURE, args);
    const { inFeatures, nClasses, cutoffs, divValue, headBias, ...making } = bound;
    const rises = cutoffs.every((c, i) => Number.isInteger(c) && c > (cutoffs[i - 1] ?? 0) && c < nClasses);
    if (cutoffs.length === 0 || !rises)
      throw new ValueError(
        `AdaptiveLogSoftmaxWithLoss: cutoffs are rising integers from 1 to nClasses - 1, ${nClasses - 1}; got ${quote(cutoffs)}`,
      );
    this.inFeatures = inFeatures;
    this.nClasses = nClasses;
    this.cutoffs = [...cutoffs, nClasses];
    this.divValue = divValue;
    this.headBias = headBias;
    this.head = new Linear(inFeatures, cutoffs[0] + cutoffs.length, { bias: headBias, ...making });
    this.tail = new ModuleList(
      cutoffs.map((from, i) => {
        const hidden = Math.floor(inFeatures / divValue ** (i + 1));
        const classes = this.cutoffs[i + 1] - from;
        return new Sequential(
          new Linear(inFeatures, hidden, { bias: false, ...making }),
          new Linear(hidden, classes, { bias: false, ...making }),
        );
      }),
    );
  }

  /** Draws new initial values. */
  resetParameters(): void {
    this.head.resetParameters();
    for (const cluster of this.tail) for (const layer of cluster) layer.resetParameters();
  }

  override forward(input: Tensor, target: Tensor): NamedTuple<AdaptiveLogSoftmax> {
    this.checkInput(input, target);
    const isBatched = target.ndim === 1;
    const [x, classes] = isBatched ? [input, target] : [input.unsqueeze(0), target.unsqueeze(0)];
    const output =
      x.storage.backend.downloadSync === undefined
        ? this.logProb(x).gather(1, classes.unsqueeze(1)).squeeze(1)
        : this.byCluster(x, classes);
    return namedTuple({ output: isBatched ? output : output.squeeze(0), loss: output.neg().mean() });
  }

  /** The log-probability of each class, computed by the clusters that they are in alone. */
  private byCluster(x: Tensor, classes: Tensor): Tensor {
    const [batch] = classes.shape;
    const numbers = Array.from(classes.dataSync(), Number);
    const bad = numbers.find((c) => !(c >= 0 && c < this.nClasses));
    if (bad !== undefined)
      throw new IndexError(
        `AdaptiveLogSoftmaxWithLoss: class ${bad} is out of range for ${this.nClasses} classes`,
      );
    const shortlist = this.cutoffs[0];
    let own = zeros([batch], { dtype: x.dtype, device: x.device });
    let places = classes;
    for (const [i, cluster] of [...this.tail].entries()) {
      const [from, to] = [this.cutoffs[i], this.cutoffs[i + 1]];
      const at = numbers.flatMap((c, row) => (c >= from && c < to ? [BigInt(row)] : []));
      if (at.length === 0) continue;
      const rows = classes.newTensor(at, { dtype: "int64" });
      const logs = cluster(x.indexSelect(0, rows)).logSoftmax(1);
      const within = classes.indexSelect(0, rows).sub(from).unsqueeze(1);
      own = own.indexAdd(0, rows, logs.gather(1, within).squeeze(1));
      const cell = full([at.length], shortlist + i, { dtype: classes.dtype, device: classes.device });
      places = places.indexCopy(0, rows, cell);
    }
    const head = this.head(x).logSoftmax(1);
    return own.add(head.gather(1, places.unsqueeze(1)).squeeze(1));
  }

  /**
   * The log-probabilities of all classes, `[batch, nClasses]`, for an input `[batch, inFeatures]`.
   *
   * @throws ShapeError when the input has another shape.
   */
  logProb(input: Tensor): Tensor {
    this.checkInput(input, null);
    const [shortlist, clusters] = [this.cutoffs[0], this.tail.length];
    const head = this.head(input).logSoftmax(1);
    const [frequent, others] = head.split([shortlist, clusters], 1);
    const tails = [...this.tail].map((cluster, i) =>
      cluster(input)
        .logSoftmax(1)
        .add(others.narrow(1, i, 1)),
    );
    return cat([frequent, ...tails], 1);
  }

  /**
   * The most probable class of each example, int64 `[batch]`, for an input `[batch, inFeatures]`.
   *
   * @throws ShapeError when the input has another shape.
   */
  predict(input: Tensor): Tensor {
    return this.logProb(input).argmax(1);
  }

  private checkInput(input: Tensor, target: Tensor | null): void {
    const shape = formatShape(input.shape);
    const fits = input.shape[input.ndim - 1] === this.inFeatures && isFloat(input.dtype);
    if (target === null) {
      if (fits && input.ndim === 2) return;
      throw new ShapeError(
        `AdaptiveLogSoftmaxWithLoss takes an input [batch, ${this.inFeatures}]; got shape ${shape}`,
      );
    }
    const isOne = input.ndim === 1 && target.ndim === 0;
    const isBatch = input.ndim === 2 && target.ndim === 1 && input.shape[0] === target.shape[0];
    if (fits && (isOne || isBatch)) return;
    throw new ShapeError(
      `AdaptiveLogSoftmaxWithLoss takes an input [batch, ${this.inFeatures}] and classes [batch], or [${this.inFeatures}] and one class; got shapes ${shape} and ${formatShape(target.shape)}`,
    );
  }
}
