/** Signs and angles of real numbers. */
import { E } from "@flambeau/backend";
import {
  type Callable,
  callable,
  named,
  onesLike,
  sign,
  type Tensor,
  type UnaryOp,
  unaryOp,
} from "@flambeau/tensor";

/**
 * The angle of each number in the complex plane, in radians: pi of negative ones and 0 of others; nan of nan. Integers give floats. The gradient
 * is 0.
 *
 * @example
 * ```ts
 * import { angle } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(angle(tensor([-2, 0, 3]))));
 * // tensor([3.1416, 0.0000, 0.0000])
 * ```
 */
export const angle: UnaryOp = unaryOp(
  "angle",
  (x) => E.select(E.ne(x, x), x, E.select(E.lt(x, 0), Math.PI, 0)),
  {
    result: "float",
    derivative: [() => 0],
  },
);

const SGN = "sgn(input)";

/**
 * The signs of the elements, -1, 0 or 1: `sign`, as there are no complex numbers.
 *
 * @example
 * ```ts
 * import { sgn } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(sgn(tensor([-2, 0, 3]))));
 * // tensor([-1.,  0.,  1.])
 * ```
 */
export const sgn: Callable<typeof SGN, Tensor> = callable(SGN, (x) => named(sign(x), "Sgn"));

const ISREAL = "isreal(input)";

/**
 * Where elements are real numbers: true everywhere.
 *
 * @example
 * ```ts
 * import { isreal } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(isreal(tensor([1, NaN]))));
 * // tensor([True, True])
 * ```
 */
export const isreal: Callable<typeof ISREAL, Tensor> = callable(ISREAL, (x) =>
  onesLike(x, { dtype: "bool" }),
);
