/** Degrees and radians. */
import { E } from "@flambeau/backend";
import { type UnaryOp, unaryOp } from "@flambeau/tensor";

const DEGREES = 180 / Math.PI;
const RADIANS = Math.PI / 180;

/**
 * Radians as degrees.
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
export const rad2deg: UnaryOp = unaryOp("rad2deg", (x) => E.mul(x, DEGREES), {
  result: "float",
  derivative: [({ g }) => E.mul(g, DEGREES)],
});

/**
 * Degrees as radians.
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
export const deg2rad: UnaryOp = unaryOp("deg2rad", (x) => E.mul(x, RADIANS), {
  result: "float",
  derivative: [({ g }) => E.mul(g, RADIANS)],
});
