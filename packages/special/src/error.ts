/** The error function's relatives, and the normal distribution function. */
import { derived } from "@flambeau/autograd";
import { E } from "@flambeau/backend";
import { type Callable, callable, type Tensor, type UnaryOp, unaryOp } from "@flambeau/tensor";
import { erfcxOf, logNdtrOf, ndtriOf } from "./error-values.ts";
import { mapOnHost } from "./on-host.ts";

const ERFCX = "erfcx(input)";

/**
 * `exp(x^2) erfc(x)`, elementwise: what is left of `erfc` without its exponential fall. Integers give the default float.
 *
 * @example
 * ```ts
 * import { erfcx } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(erfcx(tensor([0, 1, 30]))));
 * // tensor([1.0000, 0.4276, 0.0188])
 * ```
 */
export const erfcx: Callable<typeof ERFCX, Tensor> = callable(ERFCX, (input) => {
  const [out] = derived(
    {
      name: "SpecialErfcx",
      readsInputs: true,
      run: ([x]) => [mapOnHost(erfcxOf, x)],
      backward: ({ grads: [g], inputs: [x], outputs: [y] }) => [
        (g as Tensor).mul(
          x
            .mul(y)
            .mul(2)
            .sub(2 / Math.sqrt(Math.PI)),
        ),
      ],
    },
    input,
  );
  return out;
});

/**
 * The normal distribution function, elementwise: the part of a standard normal distribution below x. Integers give the default float.
 *
 * @example
 * ```ts
 * import { ndtr } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(ndtr(tensor([-1, 0, 1]))));
 * // tensor([0.1587, 0.5000, 0.8413])
 * ```
 */
export const ndtr: UnaryOp = unaryOp("ndtr", (x) => E.mul(0.5, E.erfc(E.mul(x, -Math.SQRT1_2))), {
  result: "float",
  derivative: [({ g, a }) => E.mul(g, E.mul(1 / Math.sqrt(2 * Math.PI), E.exp(E.mul(-0.5, E.mul(a, a)))))],
});

const NDTRI = "ndtri(input)";

/**
 * The inverse of `ndtr`, elementwise; nan outside of [0, 1]. Integers give the default float.
 *
 * @example
 * ```ts
 * import { ndtri } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(ndtri(tensor([0.1, 0.5, 0.975]))));
 * // tensor([-1.2816,  0.0000,  1.9600])
 * ```
 */
export const ndtri: Callable<typeof NDTRI, Tensor> = callable(NDTRI, (input) => {
  const [out] = derived(
    {
      name: "SpecialNdtri",
      run: ([p]) => [mapOnHost(ndtriOf, p)],
      backward: ({ grads: [g], outputs: [y] }) => [
        (g as Tensor).mul(y.square().mul(0.5).exp()).mul(Math.sqrt(2 * Math.PI)),
      ],
    },
    input,
  );
  return out;
});

const LOG_NDTR = "logNdtr(input)";

/**
 * The logarithm of `ndtr`, elementwise, without underflow. Integers give the default float.
 *
 * @example
 * ```ts
 * import { logNdtr } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(logNdtr(tensor([-30, 0, 1]))));
 * // tensor([-4.5432e+02, -6.9315e-01, -1.7275e-01])
 * ```
 */
export const logNdtr: Callable<typeof LOG_NDTR, Tensor> = callable(LOG_NDTR, (input) => {
  const [out] = derived(
    {
      name: "SpecialLogNdtr",
      readsInputs: true,
      run: ([x]) => [mapOnHost(logNdtrOf, x)],
      backward: ({ grads: [g], inputs: [x] }) => [
        (g as Tensor).div(erfcx(x.mul(-Math.SQRT1_2))).mul(Math.sqrt(2 / Math.PI)),
      ],
    },
    input,
  );
  return out;
});
