import { noGrad } from "@flambeau/autograd";
import { ArgumentError, formatShape, ShapeError, sameShape } from "@flambeau/backend";
import { type Args, bind, type Tensor, tensor, where } from "@flambeau/tensor";
import { deepcopy } from "../deepcopy.ts";
import { Module } from "../module/module.ts";
import { Buffer } from "../parameter.ts";
import { type AverageFunction, getSwaAvgFn, type MultiAverageFunction } from "./averages.ts";

interface Types<M extends Module = Module> {
  /** The model to copy. */
  readonly model: M;
  /** The average after one more model; `getSwaAvgFn()` where neither function is given. */
  readonly avgFn?: AverageFunction;
  /** The same for all tensors of one device and dtype at once, written over the averages. */
  readonly multiAvgFn?: MultiAverageFunction;
}

const SIGNATURE =
  "AveragedModel(model: module, device?: string, avgFn?: function, multiAvgFn?: function, useBuffers: bool = false)";
const UPDATE = "updateParameters(model: module)";

/** A tensor of the average, and the model's. */
type Pair = readonly [averaged: Tensor, current: Tensor];

/**
 * A copy of a model whose parameters are the average of those that the model has had at each `updateParameters`: the mean, as stochastic weight
 * averaging takes it, or, with `getEmaAvgFn(decay)`, the exponential moving average. The first update copies. Buffers are copied each time,
 * or, with `useBuffers`, averaged as well.
 *
 * `torch.optim.swa_utils.AveragedModel`. Source: Izmailov et al., "Averaging Weights Leads to Wider Optima and Better Generalization" (2018).
 *
 * @throws ArgumentError when both `avgFn` and `multiAvgFn` are given.
 *
 * @example
 * ```ts
 * import { nn, noGrad, ones } from "flambeau";
 *
 * const model = new nn.Linear(1, 1, false);
 * const averaged = new nn.swaUtils.AveragedModel(model);
 * for (const value of [1, 2, 6]) {
 *   noGrad(() => model.weight.fill_(value));
 *   averaged.updateParameters(model);
 * }
 * console.log(averaged(ones([1, 1])).itemSync());
 * // 3
 * ```
 */
export class AveragedModel<M extends Module = Module> extends Module {
  /** @internal */
  static override readonly stateKeys: Readonly<Record<string, string>> = { nAveraged: "n_averaged" };

  /** The model with the averages. */
  readonly module: M;
  /** How many models are averaged: int64. */
  readonly nAveraged: Buffer;
  /** What makes averages of tensors one by one. */
  readonly avgFn: AverageFunction | null;
  /** What makes averages of many tensors. */
  readonly multiAvgFn: MultiAverageFunction | null;
  /** Whether buffers are averaged. */
  readonly useBuffers: boolean;

  constructor(...args: Args<typeof SIGNATURE, Types<M>>) {
    super();
    const { model, device, avgFn, multiAvgFn, useBuffers } = bind<typeof SIGNATURE, Types<M>>(
      SIGNATURE,
      args,
    );
    if (avgFn !== undefined && multiAvgFn !== undefined)
      throw new ArgumentError("AveragedModel: avgFn and multiAvgFn do the same; give one of them");
    this.module = deepcopy(model);
    if (device !== undefined) this.module.to(device);
    this.nAveraged = new Buffer(tensor(0, { dtype: "int64", device }));
    this.avgFn = avgFn ?? null;
    this.multiAvgFn = multiAvgFn ?? null;
    this.useBuffers = useBuffers;
  }

  override forward(...args: Parameters<M["forward"]>): ReturnType<M["forward"]> {
    return (this.module as unknown as (...all: unknown[]) => ReturnType<M["forward"]>)(...args);
  }

  /**
   * Takes the parameters that a model has now into the average.
   *
   * @throws ArgumentError and ShapeError when the model has other parameters or buffers than the one that was copied; nothing has changed then.
   */
  updateParameters(...args: Args<typeof UPDATE, { readonly model: Module }>): void {
    const { model } = bind<typeof UPDATE, { readonly model: Module }>(UPDATE, args);
    const parameters = pairs("parameters", this.module.parameters(), model.parameters());
    const buffers = pairs("buffers", this.module.buffers(), model.buffers());
    noGrad(() => {
      this.average(this.useBuffers ? [...parameters, ...buffers] : parameters);
      if (!this.useBuffers) for (const [own, other] of buffers) own.copy_(other);
      this.nAveraged.add_(1);
    });
  }

  private average(all: readonly Pair[]): void {
    const count = this.nAveraged;
    const isReadable = count.storage.backend.downloadSync !== undefined;
    if (isReadable && count.itemSync() === 0) {
      for (const [own, other] of all) own.copy_(other);
      return;
    }
    // A count that cannot be read at once chooses on its device.
    const before = isReadable ? null : count.eq(0);
    const write = (own: Tensor, other: Tensor, average: Tensor): void => {
      const next = before === null ? average : where(before.to(own.device), other.to(average.dtype), average);
      own.copy_(next.to(own.dtype));
    };
    if (this.multiAvgFn === null) {
      const average = this.avgFn ?? getSwaAvgFn();
      for (const [own, other] of all) write(own, other, average(own, other, count.detach().to(own.device)));
      return;
    }
    for (const group of grouped(all)) {
      const averages = group.map(([own]) => (before === null ? own : own.clone()));
      const others = group.map(([, other]) => other);
      this.multiAvgFn(averages, others, count.detach().to(averages[0].device));
      if (before !== null) for (const [i, [own, other]] of group.entries()) write(own, other, averages[i]);
    }
  }
}

/** Pairs by device and dtype. */
function grouped(all: readonly Pair[]): Pair[][] {
  const groups = new Map<string, Pair[]>();
  for (const pair of all) {
    const key = `${pair[0].device} ${pair[0].dtype}`;
    groups.set(key, [...(groups.get(key) ?? []), pair]);
  }
  return [...groups.values()];
}

function pairs(what: string, own: readonly Tensor[], others: readonly Tensor[]): Pair[] {
  if (own.length !== others.length)
    throw new ArgumentError(
      `updateParameters: the average has ${own.length} ${what}, the model ${others.length}`,
    );
  return own.map((x, i) => {
    if (!sameShape(x.shape, others[i].shape))
      throw new ShapeError(
        `updateParameters: one of the ${what} has shape ${formatShape(x.shape)}, and the model's ${formatShape(others[i].shape)}`,
      );
    return [x.detach(), others[i].detach().to(x.device)];
  });
}
