/** Functions of each element in place. */
import { DTypeError } from "@flambeau/backend";
import { type Callable, callable, type Operand, type Tensor, writeOver } from "@flambeau/tensor";
import { copysign, deg2rad, floatPower, heaviside, ldexp, nextafter, rad2deg } from "../elementwise/index.ts";

const COPYSIGN = "copysign_(input, other)";

/**
 * `copysign` in place: writes the result over `input` and gives it.
 *
 * @throws as `copysign`; ShapeError when the result is larger than the tensor, DTypeError when its dtype is a higher one. Nothing is written then.
 *
 * @example
 * ```ts
 * import { copysign_ } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(copysign_(tensor([1, -2]), -1)));
 * // tensor([-1., -2.])
 * ```
 */
export const copysign_: Callable<typeof COPYSIGN, Tensor> = callable(COPYSIGN, (x, other) =>
  writeOver("copysign_", x, (x) => copysign(x, other)),
);

const DEG2RAD = "deg2rad_(input)";

/**
 * `deg2rad` in place: writes the result over `input` and gives it.
 *
 * @throws as `deg2rad`; ShapeError when the result is larger than the tensor, DTypeError when its dtype is a higher one. Nothing is written then.
 *
 * @example
 * ```ts
 * import { deg2rad_ } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(deg2rad_(tensor([0, 180]))));
 * // tensor([0.0000, 3.1416])
 * ```
 */
export const deg2rad_: Callable<typeof DEG2RAD, Tensor> = callable(DEG2RAD, (x) =>
  writeOver("deg2rad_", x, (x) => deg2rad(x)),
);

const RAD2DEG = "rad2deg_(input)";

/**
 * `rad2deg` in place: writes the result over `input` and gives it.
 *
 * @throws as `rad2deg`; ShapeError when the result is larger than the tensor, DTypeError when its dtype is a higher one. Nothing is written then.
 *
 * @example
 * ```ts
 * import { rad2deg_ } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(rad2deg_(tensor([0, Math.PI]))));
 * // tensor([  0., 180.])
 * ```
 */
export const rad2deg_: Callable<typeof RAD2DEG, Tensor> = callable(RAD2DEG, (x) =>
  writeOver("rad2deg_", x, (x) => rad2deg(x)),
);

const LDEXP = "ldexp_(input, other: tensor)";

/**
 * `ldexp` in place: writes the result over `input` and gives it.
 *
 * @throws as `ldexp`; ShapeError when the result is larger than the tensor, DTypeError when its dtype is a higher one. Nothing is written then.
 *
 * @example
 * ```ts
 * import { ldexp_ } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(ldexp_(tensor([1, 3]), tensor([2, -1]))));
 * // tensor([4.0000, 1.5000])
 * ```
 */
export const ldexp_: Callable<typeof LDEXP, Tensor> = callable(LDEXP, (x, other) =>
  writeOver("ldexp_", x, (x) => ldexp(x, other)),
);

const HEAVISIDE = "heaviside_(input, values: tensor)";

/**
 * `heaviside` in place: writes the result over `input` and gives it.
 *
 * @param values - what zeros give.
 * @throws as `heaviside`; ShapeError when the result is larger than the tensor, DTypeError when its dtype is a higher one. Nothing is written then.
 *
 * @example
 * ```ts
 * import { heaviside_ } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(heaviside_(tensor([-1, 0, 2]), tensor(0.5))));
 * // tensor([0.0000, 0.5000, 1.0000])
 * ```
 */
export const heaviside_: Callable<typeof HEAVISIDE, Tensor> = callable(HEAVISIDE, (x, values) =>
  writeOver("heaviside_", x, (x) => heaviside(x, values)),
);

const NEXTAFTER = "nextafter_(input, other: tensor)";

/**
 * `nextafter` in place: writes the result over `input` and gives it.
 *
 * @throws as `nextafter`; ShapeError when the result is larger than the tensor, DTypeError when its dtype is a higher one. Nothing is written then.
 *
 * @example
 * ```ts
 * import { nextafter_ } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(nextafter_(tensor([1]), tensor([2])).gt(1)));
 * // tensor([True])
 * ```
 */
export const nextafter_: Callable<typeof NEXTAFTER, Tensor> = callable(NEXTAFTER, (x, other) =>
  writeOver("nextafter_", x, (x) => nextafter(x, other)),
);

const FLOAT_POWER = "floatPower_(input, exponent)";

interface Exponent {
  /** What the elements are raised to. */
  readonly exponent: Operand;
}

/**
 * `floatPower` in place: writes the powers over `input`, which is float64 as they are, and gives it.
 *
 * @throws DTypeError when the tensor is not float64; ShapeError when the result is larger than the tensor. Nothing is written then.
 *
 * @example
 * ```ts
 * import { floatPower_ } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(floatPower_(tensor([2, 3], { dtype: "float64" }), 2)));
 * // tensor([4., 9.], dtype=float64)
 * ```
 */
export const floatPower_: Callable<typeof FLOAT_POWER, Tensor, Exponent> = callable<
  typeof FLOAT_POWER,
  Tensor,
  Exponent
>(FLOAT_POWER, (x, exponent) => {
  if (x.dtype !== "float64")
    throw new DTypeError(
      `floatPower_: powers are float64; a tensor of ${x.dtype} is converted with .to("float64")`,
    );
  return writeOver("floatPower_", x, (x) => floatPower(x, exponent));
});
