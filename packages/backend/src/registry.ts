import type { Backend } from "./backend.ts";
import { suggestion } from "./dtype.ts";
import { DeviceError } from "./errors.ts";

const backends = new Map<string, Backend>();

/** Makes a device known by its name; a device package calls it when the device is ready. */
export function registerBackend(backend: Backend): void {
  backends.set(backend.name, backend);
}

/** Forgets a device, when it was lost. */
export function unregisterBackend(name: string): void {
  backends.delete(name);
}

/** Whether a device of that name is ready. */
export function hasBackend(name: string): boolean {
  return backends.has(name);
}

/** The names of the devices that are ready. */
export function deviceNames(): string[] {
  return [...backends.keys()];
}

/**
 * The device of a name.
 *
 * @throws DeviceError when there is none of that name, or it has not been set up.
 */
export function registeredBackend(name: string): Backend {
  const backend = backends.get(name);
  if (backend !== undefined) return backend;
  if (name === "webgpu") {
    throw new DeviceError(
      'the device "webgpu" is not set up: await webgpu.isAvailable() or webgpu.init() first, which open the GPU',
    );
  }
  throw new DeviceError(
    `no device "${name}" is ready; ready are: ${deviceNames().join(", ")}${suggestion(name)}`,
  );
}
