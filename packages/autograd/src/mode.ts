// A declaration of Symbol.dispose for users whose "lib" has none yet.
/// <reference lib="esnext.disposable" preserve="true" />
import { type Args, bind, type Callable, callable } from "@flambeau/tensor";
import { Scopes, within } from "./scope.ts";

let enabled = true;
const scopes = new Scopes(enabled, (mode) => {
  enabled = mode;
});

/**
 * Whether ops are being recorded.
 *
 * @example
 * ```ts
 * import { isGradEnabled, noGrad } from "flambeau";
 *
 * console.log(isGradEnabled(), noGrad(() => isGradEnabled()));
 * // true false
 * ```
 */
export function isGradEnabled(): boolean {
  return enabled;
}

/**
 * A scope with a mode of its own, until it is disposed: at the end of the block for a `using` declaration.
 * `noGrad()` and `enableGrad()` give one.
 *
 * @example
 * ```ts
 * import { noGrad, tensor } from "flambeau";
 *
 * const w = tensor([2], { requiresGrad: true });
 * {
 *   using _ = noGrad();
 *   console.log(w.square().requiresGrad);
 *   // false
 * }
 * console.log(w.square().requiresGrad);
 * // true
 * ```
 */
export class GradModeGuard {
  readonly #leave: () => void;

  constructor(...args: Args<typeof GUARD>) {
    const [first] = args;
    const mode = args.length === 1 && typeof first === "boolean" ? first : bind(GUARD, args).mode;
    this.#leave = scopes.enter(mode);
  }

  /** Ends the scope: the mode around it holds again. */
  [Symbol.dispose](): void {
    this.#leave();
  }
}

const NO_GRAD = "noGrad(body?)";
const INFERENCE_MODE = "inferenceMode(body?)";
const ENABLE_GRAD = "enableGrad(body?)";
const SET_GRAD_ENABLED = "setGradEnabled(mode: bool)";
const GUARD = "GradModeGuard(mode: bool)";

/** What runs, if anything; a function is taken as it is, without a look at the signature. */
function bodyOf<T>(
  signature: typeof NO_GRAD | typeof INFERENCE_MODE | typeof ENABLE_GRAD,
  args: readonly unknown[],
): (() => T) | undefined {
  if (args.length === 1 && typeof args[0] === "function") return args[0] as () => T;
  return bind<typeof signature, { body: () => T }>(signature, args).body;
}

/** A function to run, by position or by name. */
type Body<T> = (() => T) | { readonly body: () => T };

export function noGrad(): GradModeGuard;
export function noGrad<T>(body: Body<T>): T;
/**
 * Runs `body` without recording, and returns its result; if that is a promise, until it settles (whatever else runs
 * meanwhile is not recorded either). Without a body, gives a guard: `using _ = noGrad();`.
 *
 * @throws ValueError when the body returns an iterator, as a generator function does: its steps would run afterwards.
 *
 * @example
 * ```ts
 * import { noGrad, tensor } from "flambeau";
 *
 * const x = tensor([1, 2], { requiresGrad: true });
 * const y = noGrad(() => x.mul(2));
 * console.log(y.requiresGrad);
 * // false
 * ```
 */
export function noGrad<T>(...args: unknown[]): T | GradModeGuard {
  const body = bodyOf<T>(NO_GRAD, args);
  return body === undefined ? new GradModeGuard(false) : within("noGrad", new GradModeGuard(false), body);
}

export function inferenceMode(): GradModeGuard;
export function inferenceMode<T>(body: Body<T>): T;
/**
 * As `noGrad`. PyTorch's tensors of this mode can never be recorded; here they are as any others.
 *
 * @throws ValueError as `noGrad`.
 *
 * @example
 * ```ts
 * import { inferenceMode, tensor } from "flambeau";
 *
 * const x = tensor([1, 2], { requiresGrad: true });
 * console.log(inferenceMode(() => x.mul(2)).requiresGrad);
 * // false
 * ```
 */
export function inferenceMode<T>(...args: unknown[]): T | GradModeGuard {
  const body = bodyOf<T>(INFERENCE_MODE, args);
  return body === undefined
    ? new GradModeGuard(false)
    : within("inferenceMode", new GradModeGuard(false), body);
}

export function enableGrad(): GradModeGuard;
export function enableGrad<T>(body: Body<T>): T;
/**
 * The reverse of `noGrad`, for a part inside one that needs gradients.
 *
 * @throws ValueError as `noGrad`.
 *
 * @example
 * ```ts
 * import { enableGrad, noGrad, tensor } from "flambeau";
 *
 * const w = tensor([2], { requiresGrad: true });
 * const y = noGrad(() => enableGrad(() => w.square()));
 * console.log(y.requiresGrad);
 * // true
 * ```
 */
export function enableGrad<T>(...args: unknown[]): T | GradModeGuard {
  const body = bodyOf<T>(ENABLE_GRAD, args);
  return body === undefined ? new GradModeGuard(true) : within("enableGrad", new GradModeGuard(true), body);
}

/**
 * Switches recording on or off from here on, or to the end of the scope of `noGrad` or `enableGrad` it is called in.
 *
 * @example
 * ```ts
 * import { setGradEnabled, tensor } from "flambeau";
 *
 * const w = tensor([2], { requiresGrad: true });
 * setGradEnabled(false);
 * console.log(w.square().requiresGrad);
 * // false
 * setGradEnabled(true);
 * console.log(w.square().requiresGrad);
 * // true
 * ```
 */
export const setGradEnabled: Callable<typeof SET_GRAD_ENABLED, void> = callable(SET_GRAD_ENABLED, (mode) => {
  scopes.set(mode);
});
