import { noGrad } from "@flambeau/autograd";
import { checkDType, type DType, DTypeError, isDType, isFloat } from "@flambeau/backend";
import type { Tensor, ToOptions } from "@flambeau/tensor";
import { allMembers, ownBuffers, ownParameters } from "./members.ts";
import type { Module } from "./module.ts";

/** What `Module.to` takes: a float dtype, a device, both, or a tensor that has them. */
export type ToTarget = DType | (string & {}) | Tensor | Pick<ToOptions, "dtype" | "device">;

function optionsOf(target: ToTarget): Pick<ToOptions, "dtype" | "device"> {
  if (typeof target === "string") return isDType(target) ? { dtype: target } : { device: target };
  return { dtype: target.dtype, device: target.device };
}

/**
 * Moves a module's parameters and buffers, and their gradients, in place: the tensors stay the same objects. Integer
 * buffers keep their dtype, as in PyTorch. Everything is converted before anything is replaced.
 */
export function convertModule(module: Module, target: ToTarget): void {
  const { dtype, device } = optionsOf(target);
  if (dtype !== undefined && !isFloat(checkDType(dtype))) {
    throw new DTypeError(`a module's parameters are floats; it cannot be converted to ${dtype}`);
  }
  const move = (x: Tensor): Tensor => x.detach().to({ device, dtype: isFloat(x.dtype) ? dtype : undefined });
  noGrad(() => {
    const tensors: Tensor[] = [];
    for (const [, parameter] of allMembers(module, ownParameters, "", true)) tensors.push(parameter);
    for (const [, buffer] of allMembers(module, ownBuffers, "", true)) tensors.push(buffer);
    const moved = tensors.map((x) => ({ x, data: move(x), grad: x.grad === null ? null : move(x.grad) }));
    for (const { x, data, grad } of moved) {
      if (data.storage === x.storage) continue;
      x.grad = null;
      x.setData_(data);
      x.grad = grad;
    }
  });
}
