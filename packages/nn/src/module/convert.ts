import { noGrad } from "@flambeau/autograd";
import { checkDType, DeviceError, type DType, DTypeError, isDType, isFloat } from "@flambeau/backend";
import { callable, overloaded, Tensor } from "@flambeau/tensor";
import { allMembers, ownBuffers, ownParameters } from "./members.ts";
import type { Module } from "./module.ts";

/** A dtype, a device or both. */
export interface Destination {
  /** The float dtype of the parameters and float buffers. */
  readonly dtype?: DType | null | undefined;
  /** The device. */
  readonly device?: string | null | undefined;
}

/** What `Module.to` takes: a float dtype, a device, or a tensor that has them. */
export type ToTarget = DType | (string & {}) | Tensor;

/** PyTorch names the first one device, and takes a dtype or a tensor for it all the same. */
const destinationOf = overloaded(
  callable("to(device: string|tensor, dtype?)", (target, dtype): Destination => {
    if (target instanceof Tensor) return { device: target.device, dtype: dtype ?? target.dtype };
    return isDType(target) ? { dtype: target } : { device: target, dtype };
  }),
  callable("to(*, device?, dtype?)", (options): Destination => options),
) as (...args: readonly unknown[]) => Destination;

/**
 * Moves a module's parameters and buffers, and their gradients, in place: the tensors stay the same objects. Integer
 * buffers keep their dtype, as in PyTorch, unless `whole` is set. Everything is converted before anything is replaced.
 */
export function convertModule(module: Module, args: readonly unknown[], whole = false): void {
  const to = destinationOf(...args);
  const [dtype, device] = [to.dtype ?? undefined, to.device ?? undefined];
  const tensors = tensorsOf(module);
  if (dtype !== undefined && !isFloat(checkDType(dtype))) {
    throw new DTypeError(`a module's parameters are floats; it cannot be converted to ${dtype}`);
  }
  const move = (x: Tensor): Tensor =>
    x.detach().to({ device, dtype: whole || isFloat(x.dtype) ? dtype : undefined });
  const stuck = tensors.find(
    (x) => device !== undefined && x.device !== device && x.storage.backend.downloadSync === undefined,
  );
  if (stuck !== undefined) {
    const next = device === "cpu" ? "await model.cpu()" : `(await model.cpu()).to("${device}")`;
    throw new DeviceError(
      `to("${device}"): the module is on ${stuck.device}, which cannot be read at once; use ${next}`,
    );
  }
  noGrad(() => {
    replace(tensors.map((x) => ({ x, data: move(x), grad: x.grad === null ? null : move(x.grad) })));
  });
}

/** See `Module.cpu`. */
export async function bringModule(module: Module): Promise<void> {
  const moves = tensorsOf(module).map(async (x) => {
    const [data, grad] = await Promise.all([
      x.detach().cpu(),
      x.grad === null ? null : x.grad.detach().cpu(),
    ]);
    return { x, data, grad };
  });
  replace(await Promise.all(moves));
}

function tensorsOf(module: Module): Tensor[] {
  const members = [ownParameters, ownBuffers].flatMap((own) => allMembers<Tensor>(module, own, "", true));
  return members.map(([, x]) => x);
}

/** Where a tensor's elements, and its gradient's, have arrived. */
interface Move {
  readonly x: Tensor;
  readonly data: Tensor;
  readonly grad: Tensor | null;
}

function replace(moves: readonly Move[]): void {
  noGrad(() => {
    for (const { x, data, grad } of moves) {
      if (data.storage === x.storage) continue;
      x.grad = null;
      x.setData_(data);
      x.grad = grad;
    }
  });
}
