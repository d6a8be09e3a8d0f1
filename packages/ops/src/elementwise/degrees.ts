/** Degrees and radians. */
import { E } from "@flambeau/backend";
import { type Callable, callable, named, type Tensor, type UnaryOp, unaryOp } from "@flambeau/tensor";

function scaled(name: string, factor: number): UnaryOp {
  return unaryOp(name, (x) => E.mul(x, factor), {
    result: "float",
    derivative: [({ g }) => E.mul(g, factor)],
  });
}

const toDegrees = scaled("rad2deg", 180 / Math.PI);
const toRadians = scaled("deg2rad", Math.PI / 180);

const RAD2DEG = "rad2deg(input)";

/**
 * Radians as degrees, elementwise. Integers give the default float.
 *
 * @example
 * ```ts
 * import { rad2deg } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(rad2deg(tensor([0, Math.PI]))));
 * // tensor([  0., 180.])
 * ```
 */
export const rad2deg: Callable<typeof RAD2DEG, Tensor> = callable(RAD2DEG, (x) =>
  named(toDegrees(x), "Rad2Deg"),
);

const DEG2RAD = "deg2rad(input)";

/**
 * Degrees as radians, elementwise. Integers give the default float.
 *
 * @example
 * ```ts
 * import { deg2rad } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(deg2rad(tensor([0, 180]))));
 * // tensor([0.0000, 3.1416])
 * ```
 */
export const deg2rad: Callable<typeof DEG2RAD, Tensor> = callable(DEG2RAD, (x) =>
  named(toRadians(x), "Deg2Rad"),
);
