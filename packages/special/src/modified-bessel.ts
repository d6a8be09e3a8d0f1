/** Modified Bessel functions. */
import { derived } from "@flambeau/autograd";
import { type Callable, callable, type Tensor, where } from "@flambeau/tensor";
import { besselI, besselK, scaledBesselI, scaledBesselK } from "./modified-bessel-values.ts";
import { mapOnHost } from "./on-host.ts";

/** What a derivative of order 1 at zero is the limit of. */
const AT_ZERO = 0.5;

/** A function of one tensor with its derivative, of which `slope` gets the operand and the result. */
function recorded(
  name: string,
  input: Tensor,
  f: (x: number) => number,
  slope: (x: Tensor, y: Tensor) => Tensor,
): Tensor {
  const [out] = derived(
    {
      name,
      readsInputs: true,
      run: ([x]) => [mapOnHost(f, x)],
      backward: ({ grads: [g], inputs: [x], outputs: [y] }) => [(g as Tensor).mul(slope(x, y))],
    },
    input,
  );
  return out;
}

/** `f` of `x`, and the limit where `x` is zero, of which the function is not evaluated. */
function besideZero(x: Tensor, f: (x: Tensor) => Tensor): Tensor {
  const isZero = x.eq(0);
  return where(isZero, AT_ZERO, f(where(isZero, 1, x)));
}

const I0 = "i0(input)";

/**
 * The modified Bessel function of the first kind of order 0, elementwise. Integers give the default float.
 *
 * @example
 * ```ts
 * import { i0 } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(i0(tensor([0, 1, 5]))));
 * // tensor([ 1.0000,  1.2661, 27.2399])
 * ```
 */
export const i0: Callable<typeof I0, Tensor> = callable(I0, (input) =>
  recorded(
    "I0Backward0",
    input,
    (x) => besselI(0, x),
    (x) => i1(x),
  ),
);

const I0E = "i0e(input)";

/**
 * The modified Bessel function of the first kind of order 0, times `exp(-|x|)`, elementwise. Integers give the default float.
 *
 * @example
 * ```ts
 * import { i0e } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(i0e(tensor([0, 1, 500]))));
 * // tensor([1.0000, 0.4658, 0.0178])
 * ```
 */
export const i0e: Callable<typeof I0E, Tensor> = callable(I0E, (input) =>
  recorded(
    "SpecialI0E",
    input,
    (x) => scaledBesselI(0, x),
    (x, y) => i1e(x).sub(x.sign().mul(y)),
  ),
);

const I1 = "i1(input)";

/**
 * The modified Bessel function of the first kind of order 1, elementwise. Integers give the default float.
 *
 * @example
 * ```ts
 * import { i1 } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(i1(tensor([0, 1, 5]))));
 * // tensor([ 0.0000,  0.5652, 24.3356])
 * ```
 */
export const i1: Callable<typeof I1, Tensor> = callable(I1, (input) =>
  recorded(
    "SpecialI1Backward0",
    input,
    (x) => besselI(1, x),
    (x) => besideZero(x, (safe) => i0(safe).sub(i1(safe).div(safe))),
  ),
);

const I1E = "i1e(input)";

/**
 * The modified Bessel function of the first kind of order 1, times `exp(-|x|)`, elementwise. Integers give the default float.
 *
 * @example
 * ```ts
 * import { i1e } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(i1e(tensor([0, 1, 500]))));
 * // tensor([0.0000, 0.2079, 0.0178])
 * ```
 */
export const i1e: Callable<typeof I1E, Tensor> = callable(I1E, (input) =>
  recorded(
    "SpecialI1E",
    input,
    (x) => scaledBesselI(1, x),
    (x) => besideZero(x, (safe) => i0e(safe).sub(i1e(safe).mul(safe.sign().add(safe.reciprocal())))),
  ),
);

const MODIFIED_BESSEL_I0 = "modifiedBesselI0(input)";

/**
 * The modified Bessel function of the first kind of order 0, elementwise.
 * Unlike `i0` it has, as in PyTorch, no derivative. Integers give the default float.
 *
 * @example
 * ```ts
 * import { modifiedBesselI0 } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(modifiedBesselI0(tensor([1, 5]))));
 * // tensor([ 1.2661, 27.2399])
 * ```
 */
export const modifiedBesselI0: Callable<typeof MODIFIED_BESSEL_I0, Tensor> = callable(
  MODIFIED_BESSEL_I0,
  (input) => mapOnHost((x) => besselI(0, x), input.detach()),
);

const MODIFIED_BESSEL_I1 = "modifiedBesselI1(input)";

/**
 * The modified Bessel function of the first kind of order 1, elementwise.
 * Unlike `i1` it has, as in PyTorch, no derivative. Integers give the default float.
 *
 * @example
 * ```ts
 * import { modifiedBesselI1 } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(modifiedBesselI1(tensor([1, 5]))));
 * // tensor([ 0.5652, 24.3356])
 * ```
 */
export const modifiedBesselI1: Callable<typeof MODIFIED_BESSEL_I1, Tensor> = callable(
  MODIFIED_BESSEL_I1,
  (input) => mapOnHost((x) => besselI(1, x), input.detach()),
);

const MODIFIED_BESSEL_K0 = "modifiedBesselK0(input)";

/**
 * The modified Bessel function of the second kind of order 0, elementwise.
 * Infinite at 0, nan below. As in PyTorch it has no derivative. Integers give the default float.
 *
 * @example
 * ```ts
 * import { modifiedBesselK0 } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(modifiedBesselK0(tensor([1, 5]))));
 * // tensor([0.4210, 0.0037])
 * ```
 */
export const modifiedBesselK0: Callable<typeof MODIFIED_BESSEL_K0, Tensor> = callable(
  MODIFIED_BESSEL_K0,
  (input) => mapOnHost((x) => besselK(0, x), input.detach()),
);

const MODIFIED_BESSEL_K1 = "modifiedBesselK1(input)";

/**
 * The modified Bessel function of the second kind of order 1, elementwise.
 * Infinite at 0, nan below. As in PyTorch it has no derivative. Integers give the default float.
 *
 * @example
 * ```ts
 * import { modifiedBesselK1 } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(modifiedBesselK1(tensor([1, 5]))));
 * // tensor([0.6019, 0.0040])
 * ```
 */
export const modifiedBesselK1: Callable<typeof MODIFIED_BESSEL_K1, Tensor> = callable(
  MODIFIED_BESSEL_K1,
  (input) => mapOnHost((x) => besselK(1, x), input.detach()),
);

const SCALED_MODIFIED_BESSEL_K0 = "scaledModifiedBesselK0(input)";

/**
 * The modified Bessel function of the second kind of order 0, times `exp(x)`, elementwise.
 * Infinite at 0, nan below. As in PyTorch it has no derivative. Integers give the default float.
 *
 * @example
 * ```ts
 * import { scaledModifiedBesselK0 } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(scaledModifiedBesselK0(tensor([1, 5]))));
 * // tensor([1.1445, 0.5478])
 * ```
 */
export const scaledModifiedBesselK0: Callable<typeof SCALED_MODIFIED_BESSEL_K0, Tensor> = callable(
  SCALED_MODIFIED_BESSEL_K0,
  (input) => mapOnHost((x) => scaledBesselK(0, x), input.detach()),
);

const SCALED_MODIFIED_BESSEL_K1 = "scaledModifiedBesselK1(input)";

/**
 * The modified Bessel function of the second kind of order 1, times `exp(x)`, elementwise.
 * Infinite at 0, nan below. As in PyTorch it has no derivative. Integers give the default float.
 *
 * @example
 * ```ts
 * import { scaledModifiedBesselK1 } from "@flambeau/special";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(scaledModifiedBesselK1(tensor([1, 5]))));
 * // tensor([1.6362, 0.6003])
 * ```
 */
export const scaledModifiedBesselK1: Callable<typeof SCALED_MODIFIED_BESSEL_K1, Tensor> = callable(
  SCALED_MODIFIED_BESSEL_K1,
  (input) => mapOnHost((x) => scaledBesselK(1, x), input.detach()),
);
