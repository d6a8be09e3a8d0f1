/**
 * What something is, as functions that are no methods.
 *
 * @module
 */
import { callable } from "./call/callable.ts";
import type { Callable } from "./call/signature.ts";
import { Tensor } from "./tensor.ts";

/**
 * Whether something is a tensor.
 *
 * @example
 * ```ts
 * import { isTensor, tensor } from "@flambeau/tensor";
 *
 * console.log(isTensor(tensor([1])), isTensor([1]));
 * // true false
 * ```
 */
export function isTensor(obj: unknown): obj is Tensor {
  return obj instanceof Tensor;
}

const NUMEL = "numel(input)";

/**
 * The number of elements.
 *
 * @example
 * ```ts
 * import { numel, zeros } from "@flambeau/tensor";
 *
 * console.log(numel(zeros([2, 3])));
 * // 6
 * ```
 */
export const numel: Callable<typeof NUMEL, number> = callable(NUMEL, (x) => {
  return x.numel();
});
