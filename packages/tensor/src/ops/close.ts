/**
 * Whether tensors are equal, or nearly so.
 *
 * @module
 */
import { quote, sameShape, ValueError } from "@flambeau/backend";
import { callable } from "../call/callable.ts";
import type { Callable } from "../call/signature.ts";
import { commonBackend } from "../dispatch/devices.ts";
import type { Tensor } from "../tensor.ts";
import { mul, sub } from "./arithmetic.ts";
import { eq, isfinite, isnan, le, logicalAnd, logicalOr } from "./compare.ts";
import { itemSync } from "./reading.ts";
import { all } from "./reduce.ts";
import { abs } from "./rounding.ts";
import { needsElements } from "./unreadable.ts";

const AT_ONCE = "it answers at once";

const ISCLOSE = "isclose(input, other: tensor, rtol = 1e-5, atol = 1e-8, equalNan = false)";

/**
 * Whether `|input - other| <= atol + rtol * |other|`, elementwise; infinities are close to themselves only. bool.
 *
 * @throws ShapeError when the shapes do not broadcast; ValueError for a negative tolerance.
 *
 * @example
 * ```ts
 * import { isclose, tensor } from "@flambeau/tensor";
 *
 * console.log(String(isclose(tensor([1, 1]), tensor([1.1, 1.0000001]))));
 * // tensor([False,  True])
 * ```
 */
export const isclose: Callable<typeof ISCLOSE, Tensor> = callable(ISCLOSE, (a, b, rtol, atol, equalNan) => {
  if (!(rtol >= 0 && atol >= 0))
    throw new ValueError(`isclose: rtol and atol are not negative; got ${quote(rtol)} and ${quote(atol)}`);
  const [x, y] = [a.detach(), b.detach()].map((t) => (t.dtype === "bool" ? t.to("uint8") : t));
  const distance = abs(sub(x, y));
  const near = logicalAnd(isfinite(distance), le(distance, abs(mul(y, rtol)).add(atol)));
  const close = logicalOr(near, eq(x, y));
  return equalNan ? logicalOr(close, logicalAnd(isnan(x), isnan(y))) : close;
});

const ALLCLOSE = "allclose(input, other: tensor, rtol = 1e-5, atol = 1e-8, equalNan = false)";

/**
 * Whether all elements are close; see `isclose`.
 *
 * @throws ShapeError when the shapes do not broadcast; DeviceError on a device that reads asynchronously, where
 *   `await isclose(a, b).all().item()` tells.
 *
 * @example
 * ```ts
 * import { allclose, tensor } from "@flambeau/tensor";
 *
 * console.log(allclose(tensor([1, 2]), tensor([1, 2.1])));
 * // false
 * ```
 */
export const allclose: Callable<typeof ALLCLOSE, boolean> = callable(
  ALLCLOSE,
  (a, b, rtol, atol, equalNan) => {
    const verdict = all(isclose(a, b, rtol, atol, equalNan));
    needsElements("allclose", verdict, AT_ONCE, "await isclose(a, b).all().item()");
    return Boolean(itemSync(verdict));
  },
);

const EQUAL = "equal(input, other: tensor)";

/**
 * Whether two tensors have the same shape and elements; nan equals nothing.
 *
 * @throws DeviceError when they are on different devices, or on one that reads asynchronously, where
 *   `await a.eq(b).all().item()` tells.
 *
 * @example
 * ```ts
 * import { equal, tensor } from "@flambeau/tensor";
 *
 * console.log(equal(tensor([1, 2]), tensor([1, 2])));
 * // true
 * ```
 */
export const equal: Callable<typeof EQUAL, boolean> = callable(EQUAL, (a, b) => {
  commonBackend("equal", [a, b]);
  if (!sameShape(a.shape, b.shape)) return false;
  needsElements("equal", a, AT_ONCE, "await a.eq(b).all().item()");
  return Boolean(itemSync(all(eq(a.detach(), b.detach()))));
});
