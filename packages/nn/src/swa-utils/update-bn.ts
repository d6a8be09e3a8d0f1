import { noGrad } from "@flambeau/autograd";
import { ValueError } from "@flambeau/backend";
import { type Args, bind, describeValue, Tensor } from "@flambeau/tensor";
import { BatchNorm1d, BatchNorm2d, BatchNorm3d } from "../layers/batch-norm.ts";
import type { Module } from "../module/module.ts";

interface Types {
  /** Batches: tensors, or arrays whose first item is the model's input. */
  readonly loader: Iterable<Tensor | readonly unknown[]>;
  /** The model. */
  readonly model: Module;
}

const SIGNATURE = "updateBn(loader: iterable, model: module, device?: string)";

const NORMS = [BatchNorm1d, BatchNorm2d, BatchNorm3d];

/**
 * Sets the running statistics of a model's batch norms to those of a pass over the data, which averaged weights do not have.
 * `torch.optim.swa_utils.update_bn`.
 *
 * @throws ValueError when a batch is neither a tensor nor an array that begins with one. Modes and momenta are as before, whatever happens.
 *
 * @example
 * ```ts
 * import { nn, ones } from "flambeau";
 *
 * const model = new nn.Sequential(new nn.BatchNorm1d(2));
 * nn.swaUtils.updateBn([ones([4, 2]), ones([4, 2]).mul(3)], model);
 * console.log(String(model.stateDict()["0.running_mean"]));
 * // tensor([2., 2.])
 * ```
 */
export function updateBn(...args: Args<typeof SIGNATURE, Types>): void {
  const { loader, model, device } = bind<typeof SIGNATURE, Types>(SIGNATURE, args);
  const norms = model
    .modules()
    .filter((part): part is BatchNorm1d => NORMS.some((Norm) => part instanceof Norm))
    .map((norm) => ({ norm, momentum: norm.momentum }));
  if (norms.length === 0) return;
  const modes = model.modules().map((part) => ({ part, training: part.training }));
  noGrad(() => {
    try {
      model.train();
      for (const { norm } of norms) {
        norm.resetRunningStats();
        norm.momentum = null;
      }
      for (const batch of loader) {
        const x: unknown = Array.isArray(batch) ? batch[0] : batch;
        if (!(x instanceof Tensor))
          throw new ValueError(
            `updateBn: a batch is a tensor or an array that begins with one; got ${describeValue(x)}`,
          );
        (model as unknown as (x: Tensor) => unknown)(device === undefined ? x : x.to(device));
      }
    } finally {
      for (const { norm, momentum } of norms) norm.momentum = momentum;
      for (const { part, training } of modes) part.training = training;
    }
  });
}
