import { type Backend, registerBackend, registeredBackend, setWarningHandler } from "@flambeau/backend";
import { cpu, printWarning } from "@flambeau/cpu-backend";

export { deviceNames, hasBackend, registerBackend, unregisterBackend } from "@flambeau/backend";

registerBackend(cpu);
setWarningHandler(printWarning);

/**
 * The device of a name.
 *
 * @throws DeviceError when there is none of that name, or it has not been set up.
 *
 * @example
 * ```ts
 * import { backendOf } from "@flambeau/tensor";
 *
 * console.log(backendOf("cpu").name);
 * // cpu
 * ```
 */
export function backendOf(name: string | undefined): Backend {
  return name === undefined || name === "cpu" ? cpu : registeredBackend(name);
}
