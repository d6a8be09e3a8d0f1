/** Bessel functions of the first and second kind, and the Airy function. */
import { E } from "@flambeau/backend";
import { type Callable, callable, type Tensor, type UnaryOp, unaryOp } from "@flambeau/tensor";
import { airyAiOf } from "./airy-values.ts";
import { besselJ, besselY } from "./bessel-values.ts";
import { mapOnHost } from "./on-host.ts";

const BESSEL_J0 = "besselJ0(input)";

/**
 * The Bessel function of the first kind of order 0, elementwise. As in PyTorch it has no derivative. Integers give
 * the default float.
 *
 * @example
 * ```ts
 * import { besselJ0 } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(besselJ0(tensor([1, 5]))));
 * // tensor([ 0.7652, -0.1776])
 * ```
 */
export const besselJ0: Callable<typeof BESSEL_J0, Tensor> = callable(BESSEL_J0, (input) =>
  mapOnHost((x) => besselJ(0, x), input.detach()),
);

const BESSEL_J1 = "besselJ1(input)";

/**
 * The Bessel function of the first kind of order 1, elementwise. As in PyTorch it has no derivative. Integers give
 * the default float.
 *
 * @example
 * ```ts
 * import { besselJ1 } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(besselJ1(tensor([1, 5]))));
 * // tensor([ 0.4401, -0.3276])
 * ```
 */
export const besselJ1: Callable<typeof BESSEL_J1, Tensor> = callable(BESSEL_J1, (input) =>
  mapOnHost((x) => besselJ(1, x), input.detach()),
);

const BESSEL_Y0 = "besselY0(input)";

/**
 * The Bessel function of the second kind of order 0, elementwise, -Infinity at 0 and nan below. As in PyTorch it has no derivative. Integers give
 * the default float.
 *
 * @example
 * ```ts
 * import { besselY0 } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(besselY0(tensor([1, 5]))));
 * // tensor([ 0.0883, -0.3085])
 * ```
 */
export const besselY0: Callable<typeof BESSEL_Y0, Tensor> = callable(BESSEL_Y0, (input) =>
  mapOnHost((x) => besselY(0, x), input.detach()),
);

const BESSEL_Y1 = "besselY1(input)";

/**
 * The Bessel function of the second kind of order 1, elementwise, -Infinity at 0 and nan below. As in PyTorch it has no derivative. Integers give
 * the default float.
 *
 * @example
 * ```ts
 * import { besselY1 } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(besselY1(tensor([1, 5]))));
 * // tensor([-0.7812,  0.1479])
 * ```
 */
export const besselY1: Callable<typeof BESSEL_Y1, Tensor> = callable(BESSEL_Y1, (input) =>
  mapOnHost((x) => besselY(1, x), input.detach()),
);

/**
 * The spherical Bessel function of the first kind of order 0, `sin(x) / x`, elementwise. As in PyTorch it has no derivative. Integers give the
 * default float.
 *
 * @example
 * ```ts
 * import { sphericalBesselJ0 } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(sphericalBesselJ0(tensor([0, 1]))));
 * // tensor([1.0000, 0.8415])
 * ```
 */
export const sphericalBesselJ0: UnaryOp = unaryOp(
  "sphericalBesselJ0",
  (x) => E.select(E.eq(x, 0), 1, E.select(E.eq(E.abs(x), Infinity), 0, E.div(E.sin(x), x))),
  { result: "float", differentiable: false },
);

const AIRY_AI = "airyAi(input)";

/**
 * The Airy function Ai, the solution of `y'' = x y` that falls to zero on the right, elementwise. As in PyTorch it has no derivative. Integers give
 * the default float.
 *
 * @example
 * ```ts
 * import { airyAi } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(airyAi(tensor([-2, 0, 1]))));
 * // tensor([0.2274, 0.3550, 0.1353])
 * ```
 */
export const airyAi: Callable<typeof AIRY_AI, Tensor> = callable(AIRY_AI, (input) =>
  mapOnHost(airyAiOf, input.detach()),
);
