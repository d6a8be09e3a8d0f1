import { DeviceError } from "@flambeau/backend";
import { Tensor } from "@flambeau/tensor";
import type { ParamState } from "./state-dict.ts";

/**
 * Brings a parameter's state to where the parameter has been moved since the last step.
 *
 * @throws DeviceError when the state is on a device that cannot be read at once.
 */
export function follow(optimizer: object, { device, dtype }: Tensor, state: ParamState): void {
  const moved = (key: string, value: Tensor): Tensor => {
    if (value.device === device && value.dtype === dtype) return value;
    if (value.device !== device && value.storage.backend.downloadSync === undefined) {
      throw new DeviceError(
        `${optimizer.constructor.name}: a parameter has moved to ${device} and its ${key} is still on ${value.device}, which cannot be read at once; bring the optimizer's state over first: await optimizer.cpu()`,
      );
    }
    return value.to({ device, dtype });
  };
  const entries = Object.entries(state).map(([key, value]) => {
    if (value instanceof Tensor) return [key, moved(key, value)] as const;
    return [key, Array.isArray(value) ? value.map((x) => (x === null ? x : moved(key, x))) : value] as const;
  });
  Object.assign(state, Object.fromEntries(entries));
}
