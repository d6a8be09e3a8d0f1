let enabled = true;

/** Whether ops are being recorded. */
export function isGradEnabled(): boolean {
  return enabled;
}

/** Recording as it was before, restored when the scope of a `using` declaration ends. */
export class GradModeGuard {
  readonly #before: boolean;

  constructor(mode: boolean) {
    this.#before = enabled;
    enabled = mode;
  }

  [Symbol.dispose](): void {
    enabled = this.#before;
  }
}

function withMode<T>(mode: boolean, body: () => T): T {
  const guard = new GradModeGuard(mode);
  let result: T;
  try {
    result = body();
  } catch (error) {
    guard[Symbol.dispose]();
    throw error;
  }
  if (result instanceof Promise) return result.finally(() => guard[Symbol.dispose]()) as T;
  guard[Symbol.dispose]();
  return result;
}

export function noGrad(): GradModeGuard;
export function noGrad<T>(body: () => T): T;
/**
 * Runs `body` without recording, and returns its result; if that is a promise, until it settles (whatever else runs
 * meanwhile is not recorded either). Without a body, gives a guard: `using _ = noGrad();`.
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
export function noGrad<T>(body?: () => T): T | GradModeGuard {
  return body === undefined ? new GradModeGuard(false) : withMode(false, body);
}

export function enableGrad(): GradModeGuard;
export function enableGrad<T>(body: () => T): T;
/** The reverse of `noGrad`, for a part inside one that needs gradients. */
export function enableGrad<T>(body?: () => T): T | GradModeGuard {
  return body === undefined ? new GradModeGuard(true) : withMode(true, body);
}

/** Switches recording on or off from here on. */
export function setGradEnabled(mode: boolean): void {
  enabled = mode;
}
