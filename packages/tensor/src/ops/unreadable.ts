import { type Backend, DeviceError } from "@flambeau/backend";
import type { Tensor } from "../tensor.ts";

/** Whether JavaScript can see a device's elements without waiting. */
export function isReadable(backend: Backend): boolean {
  return backend.downloadSync !== undefined;
}

/**
 * Refuses what has to know a tensor's elements now, on a device that gives them later.
 *
 * @param why - what the elements are needed for: "the size of the result depends on the elements".
 * @throws DeviceError that names the way out.
 */
export function needsElements(what: string, x: Tensor, why: string): void {
  const { backend } = x.storage;
  if (isReadable(backend)) return;
  throw new DeviceError(
    `${what}: ${why}, and a ${backend.name} tensor cannot be read at once; bring it to the CPU first: await x.cpu()`,
  );
}
