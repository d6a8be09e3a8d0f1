/**
 * What the elements of a tensor are.
 *
 * @module
 */
import { isFloat, itemSize } from "@flambeau/backend";
import { callable } from "../call/callable.ts";
import type { Callable } from "../call/signature.ts";

const IS_FLOATING_POINT = "isFloatingPoint(input)";

/**
 * Whether the elements are floats.
 *
 * @example
 * ```ts
 * import { isFloatingPoint, tensor } from "@flambeau/tensor";
 *
 * console.log(isFloatingPoint(tensor([1.5])), isFloatingPoint(tensor([1n])));
 * // true false
 * ```
 */
export const isFloatingPoint: Callable<typeof IS_FLOATING_POINT, boolean> = callable(IS_FLOATING_POINT, (x) =>
  isFloat(x.dtype),
);

const ELEMENT_SIZE = "elementSize(input)";

/**
 * How many bytes an element has.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(tensor([1.5]).elementSize(), tensor([true]).elementSize());
 * // 4 1
 * ```
 */
export const elementSize: Callable<typeof ELEMENT_SIZE, number> = callable(ELEMENT_SIZE, (x) => {
  return itemSize(x.dtype);
});
