import { type Backend, DeviceError, DTypeError } from "@flambeau/backend";
import { refuseLost } from "../device.ts";
import type { Operand } from "../tensor.ts";

/**
 * The device all tensors among the operands are on.
 *
 * @throws DeviceError when they are on several.
 *
 * @internal
 */
export function commonBackend(what: string, operands: readonly Operand[]): Backend {
  let backend: Backend | null = null;
  for (let i = 0; i < operands.length; i++) {
    const x = operands[i];
    if (typeof x !== "object") continue;
    if (backend === null) backend = x.storage.backend;
    else if (x.storage.backend !== backend) {
      throw differentDevices(what, backend, x.storage.backend);
    }
  }
  if (backend === null) throw new DTypeError(`${what} takes at least one tensor; got only plain numbers`);
  return backend;
}

/** What is wrong, and which of the two can move at once. */
function differentDevices(what: string, a: Backend, b: Backend): DeviceError {
  for (const backend of [a, b]) refuseLost(what, backend);
  if (a.name === b.name) {
    return new DeviceError(
      `${what}: tensors are on two devices that are both named ${a.name}: one of them belongs to another copy of @flambeau/tensor`,
    );
  }
  const target = a.downloadSync !== undefined && b.downloadSync === undefined ? b : a;
  const other = target === a ? b : a;
  return new DeviceError(
    `${what}: tensors are on different devices, ${a.name} and ${b.name}; move the one on ${other.name} with .to("${target.name}")`,
  );
}
