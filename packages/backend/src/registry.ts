import type { Backend } from "./backend.ts";
import { suggestion } from "./dtype.ts";
import { DeviceError } from "./errors.ts";
import { quote } from "./quote.ts";

const backends = new Map<string, Backend>();

/**
 * Makes a device known by its name: from then on `{ device: name }` and `x.to(name)` find it. A device package
 * calls it when the device is ready.
 *
 * @example
 * ```ts
 * import { registerBackend, unregisterBackend } from "@flambeau/backend";
 * import { CpuBackend } from "@flambeau/cpu-backend";
 * import { tensor } from "@flambeau/tensor";
 *
 * class CountingBackend extends CpuBackend {
 *   override readonly name: string = "counting";
 *   maps = 0;
 *   override map(...call: Parameters<CpuBackend["map"]>): void {
 *     this.maps++;
 *     super.map(...call);
 *   }
 * }
 *
 * const counting = new CountingBackend();
 * registerBackend(counting);
 * const x = tensor([1, 2, 3], { device: "counting" });
 * console.log(String(x.exp().log()), counting.maps);
 * // tensor([1.0000, 2.0000, 3.0000], device='counting') 2
 * unregisterBackend("counting");
 * ```
 */
export function registerBackend(backend: Backend): void {
  backends.set(backend.name, backend);
}

/**
 * Forgets a device, when it was lost. Tensors that are on it keep it.
 *
 * @example
 * ```ts
 * import { hasBackend, registerBackend, unregisterBackend } from "@flambeau/backend";
 * import { CpuBackend } from "@flambeau/cpu-backend";
 *
 * class Lost extends CpuBackend {
 *   override readonly name: string = "lost";
 * }
 *
 * registerBackend(new Lost());
 * unregisterBackend("lost");
 * console.log(hasBackend("lost"));
 * // false
 * ```
 */
export function unregisterBackend(name: string): void {
  backends.delete(name);
}

/**
 * Whether a device of that name is ready.
 *
 * @example
 * ```ts
 * import { hasBackend } from "@flambeau/backend";
 * import "@flambeau/tensor"; // which brings the CPU along
 *
 * console.log(hasBackend("cpu"), hasBackend("tpu"));
 * // true false
 * ```
 */
export function hasBackend(name: string): boolean {
  return backends.has(name);
}

/**
 * The names of the devices that are ready.
 *
 * @example
 * ```ts
 * import { deviceNames } from "@flambeau/backend";
 * import "@flambeau/tensor"; // which brings the CPU along
 *
 * console.log(deviceNames().includes("cpu"));
 * // true
 * ```
 */
export function deviceNames(): string[] {
  return [...backends.keys()];
}

/**
 * The device of a name.
 *
 * @throws DeviceError when there is none of that name, or it has not been set up.
 *
 * @internal
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
    `no device ${quote(name)} is ready; ready are: ${deviceNames().join(", ")}${suggestion(name)}`,
  );
}
