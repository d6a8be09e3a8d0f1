import type { Tensor } from "@flambeau/tensor";

let open = 0;
let values = new Map<object, Tensor>();

/** What `compute` gives, kept while `cached` runs. */
export function cachedIn(list: object, compute: () => Tensor): Tensor {
  if (open === 0) return compute();
  const known = values.get(list);
  if (known !== undefined) return known;
  const value = compute();
  values.set(list, value);
  return value;
}

/** No longer keeps what it made of a tensor's originals. */
export function uncache(list: object): void {
  values.delete(list);
}

/**
 * Computes each parametrized tensor once while `run` runs, however often it is read: for recurrent modules and shared weights. A function that
 * is asynchronous keeps them no longer than until its first `await`.
 *
 * @returns what `run` returns.
 *
 * @example
 * ```ts
 * import { nn } from "flambeau";
 *
 * const { parametrizations, parametrize } = nn.utils;
 * const layer = parametrizations.weightNorm(new nn.Linear(2, 3));
 * const read = () => new Set([layer.weight, layer.weight]).size;
 * console.log(read(), parametrize.cached(read));
 * // 2 1
 * ```
 */
export function cached<R>(run: () => R): R {
  open++;
  try {
    return run();
  } finally {
    open--;
    if (open === 0) values = new Map();
  }
}
