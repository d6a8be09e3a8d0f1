// A declaration of Symbol.dispose for users whose "lib" has none yet.
/// <reference lib="esnext.disposable" preserve="true" />
import { warn } from "@flambeau/backend";
import { type Args, bind, type Callable, callable } from "@flambeau/tensor";
import { Scopes, within } from "./scope.ts";
import { settings } from "./traces.ts";

const DETECT_ANOMALY = "detectAnomaly(body?: function, *, checkNan: bool = true)";
const SET_DETECT_ANOMALY = "setDetectAnomaly(mode: bool, checkNan: bool = true)";

/** The types that the signature has no kinds for. */
interface Types<T> {
  /** What runs. */
  readonly body: () => T;
  /** Whether a gradient that is nan is an error. Default true. */
  readonly checkNan: boolean;
}

/** Whether forward calls are recorded, and whether gradients are checked. */
type Mode = readonly [enabled: boolean, checkNan: boolean];

const scopes = new Scopes<Mode>([false, true], ([enabled, checkNan]) => {
  settings.enabled = enabled;
  settings.checkNan = checkNan;
});

type Guarding = Args<"detectAnomaly(*, checkNan: bool = true)", Pick<Types<unknown>, "checkNan">>;

export function detectAnomaly(...args: Guarding): Disposable;
export function detectAnomaly<T>(...args: Args<typeof DETECT_ANOMALY, Types<T>>): T;
/**
 * Finds the operation whose derivative is nan, or fails: `backward` throws at the first gradient with a nan, and warns with the
 * stack of the forward call whose gradient that is, which is the error's `cause` as well. Forward and backward pass run within it. Each
 * operation records its stack and each gradient is read: for debugging, and not for training.
 *
 * Runs `body` and returns its result, if that is a promise until it settles; without a body, gives a guard:
 * `using _ = detectAnomaly();`. PyTorch's `torch.autograd.detect_anomaly`.
 *
 * @throws AutogradError from `backward` and `grad` when an operation returns nan; DeviceError from them on a device that cannot be
 *   read at once, unless `checkNan` is false.
 *
 * @example
 * ```ts
 * import { detectAnomaly, setWarningHandler, tensor } from "flambeau";
 *
 * setWarningHandler(null);
 * const x = tensor([0, 1], { requiresGrad: true });
 * try {
 *   detectAnomaly(() => x.sqrt().mul(0).sum().backward());
 * } catch (error) {
 *   console.log((error as Error).message);
 *   // Function 'SqrtBackward0' returned nan values in its 0th output.
 * }
 * ```
 */
export function detectAnomaly<T>(...args: unknown[]): T | Disposable {
  const { body, checkNan } = bind<typeof DETECT_ANOMALY, Types<T>>(DETECT_ANOMALY, args as never);
  warn(
    "Anomaly Detection has been enabled. This mode will increase the runtime and should only be enabled for debugging.",
  );
  const leave = scopes.enter([true, checkNan]);
  const guard = { [Symbol.dispose]: leave };
  return body === undefined ? guard : within("detectAnomaly", guard, body);
}

/**
 * Switches the mode of `detectAnomaly` on or off from here on, or to the end of the scope of `detectAnomaly` it is called in.
 *
 * @param checkNan - whether gradients are searched for nan.
 *
 * @example
 * ```ts
 * import { isAnomalyEnabled, setDetectAnomaly } from "flambeau";
 *
 * setDetectAnomaly(true);
 * console.log(isAnomalyEnabled());
 * // true
 * setDetectAnomaly(false);
 * ```
 */
export const setDetectAnomaly: Callable<typeof SET_DETECT_ANOMALY, void> = callable(
  SET_DETECT_ANOMALY,
  (mode, checkNan) => scopes.set([mode, checkNan]),
);

/**
 * Whether `detectAnomaly` or `setDetectAnomaly` is on.
 *
 * @example
 * ```ts
 * import { detectAnomaly, isAnomalyEnabled, setWarningHandler } from "flambeau";
 *
 * setWarningHandler(null);
 * console.log(isAnomalyEnabled(), detectAnomaly(() => isAnomalyEnabled()));
 * // false true
 * ```
 */
export function isAnomalyEnabled(): boolean {
  return settings.enabled;
}
