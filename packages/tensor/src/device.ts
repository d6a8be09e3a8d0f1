import {
  announce,
  type Backend,
  DeviceError,
  type DType,
  DTypeError,
  hasBackend,
  registerBackend,
  registeredBackend,
  setWarningHandler,
} from "@flambeau/backend";
import { cpu, printWarning } from "@flambeau/cpu-backend";
import { COPY } from "./copy.ts";

export { deviceNames, hasBackend, registerBackend, unregisterBackend } from "@flambeau/backend";

registerBackend(cpu);
setWarningHandler(printWarning);
announce(COPY);

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

/**
 * Refuses a device that was lost or given back: another one may have its name by now.
 *
 * @throws DeviceError
 */
export function refuseLost(what: string, backend: Backend): void {
  const { name } = backend;
  if (hasBackend(name) && registeredBackend(name) === backend) return;
  throw new DeviceError(
    `${what}: a tensor is on a "${name}" device that was lost or given back, and its elements with it; make the tensor anew`,
  );
}

/** The device of a name, for elements of a dtype. */
export function deviceFor(dtype: DType, name: string | undefined): Backend {
  const backend = backendOf(name);
  if (!backend.supports(dtype)) throw new DTypeError(`the device ${backend.name} has no ${dtype}`);
  return backend;
}
