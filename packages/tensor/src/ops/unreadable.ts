import { type Backend, DeviceError } from "@flambeau/backend";
import type { Tensor } from "../tensor.ts";

/** Whether JavaScript can see a device's elements without waiting. */
export function isReadable(backend: Backend): boolean {
  return backend.downloadSync !== undefined;
}

/**
 * Refuses what has to see a tensor's elements now, on a device that gives them later.
 *
 * @param why - what the elements are needed for: "the size of the result depends on the elements".
 * @param line - what to write instead.
 * @throws DeviceError with the line.
 */
export function needsElements(what: string, x: Tensor, why: string, line: string): void {
  const { backend } = x.storage;
  if (isReadable(backend)) return;
  throw new DeviceError(
    `${what}: ${why}, and a ${backend.name} tensor cannot be read at once; write ${line}`,
  );
}
