/** Windows for parts of a signal: weights that fall to both sides. */
import { checkShape, type DType, DTypeError, isFloat } from "@flambeau/backend";
import {
  type Callable,
  callable,
  getDefaultDType,
  type Tensor,
  type TensorOptions,
  tensor,
} from "@flambeau/tensor";

/** A window of `length` weights, of a formula of the place: from 0 at the first to 1 at the last. */
function windowOf(
  what: string,
  length: number,
  periodic: boolean,
  weight: (place: number) => number,
  options: TensorOptions,
): Tensor {
  checkShape([length]);
  const dtype: DType = options.dtype ?? getDefaultDType();
  if (!isFloat(dtype)) throw new DTypeError(`${what} has floats; got ${dtype}`);
  // One that is periodic is longer by the first weight of the next.
  const last = periodic ? length : length - 1;
  const weights = Float64Array.from({ length }, (_, i) => (length === 1 ? 1 : weight(i / last)));
  return tensor(weights, { ...options, dtype });
}

const HANN = "hannWindow(windowLength: int, periodic = true, *, ...making)";

/**
 * The Hann window: `0.5 - 0.5 cos(2 pi n / (N - 1))`, with N one more than the length if it is periodic, as spectra take it.
 *
 * @throws DTypeError when the dtype is no float; ShapeError when the length is no integer from 0.
 *
 * @example
 * ```ts
 * import { hannWindow } from "@flambeau/ops";
 *
 * console.log(String(hannWindow(4)));
 * // tensor([0.0000, 0.5000, 1.0000, 0.5000])
 * ```
 */
export const hannWindow: Callable<typeof HANN, Tensor> = callable(HANN, (length, periodic, options) =>
  windowOf("hannWindow", length, periodic, raised(0.5, 0.5), options),
);

const raised =
  (alpha: number, beta: number) =>
  (place: number): number =>
    alpha - beta * Math.cos(2 * Math.PI * place);

const HAMMING =
  "hammingWindow(windowLength: int, periodic = true, alpha: number = 0.54, beta: number = 0.46, *, ...making)";

/**
 * The Hamming window: `alpha - beta cos(2 pi n / (N - 1))`, with N one more than the length if it is periodic.
 *
 * @param alpha - the mean of the weights.
 * @param beta - how far they are from it.
 * @throws DTypeError when the dtype is no float; ShapeError when the length is no integer from 0.
 *
 * @example
 * ```ts
 * import { hammingWindow } from "@flambeau/ops";
 *
 * console.log(String(hammingWindow(4, false)));
 * // tensor([0.0800, 0.7700, 0.7700, 0.0800])
 * ```
 */
export const hammingWindow: Callable<typeof HAMMING, Tensor> = callable(
  HAMMING,
  (length, periodic, alpha, beta, options) =>
    windowOf("hammingWindow", length, periodic, raised(alpha, beta), options),
);

const BLACKMAN = "blackmanWindow(windowLength: int, periodic = true, *, ...making)";

/**
 * The Blackman window: `0.42 - 0.5 cos(2 pi n / (N - 1)) + 0.08 cos(4 pi n / (N - 1))`, with N one more than the length if it is periodic.
 *
 * @throws DTypeError when the dtype is no float; ShapeError when the length is no integer from 0.
 *
 * @example
 * ```ts
 * import { blackmanWindow } from "@flambeau/ops";
 *
 * console.log(String(blackmanWindow(4)));
 * // tensor([0.0000, 0.3400, 1.0000, 0.3400])
 * ```
 */
export const blackmanWindow: Callable<typeof BLACKMAN, Tensor> = callable(
  BLACKMAN,
  (length, periodic, options) => {
    // 0.42 - 0.5 + 0.08 at the ends is below zero in binary.
    const weight = (place: number): number =>
      Math.max(0, raised(0.42, 0.5)(place) + 0.08 * Math.cos(4 * Math.PI * place));
    return windowOf("blackmanWindow", length, periodic, weight, options);
  },
);

const BARTLETT = "bartlettWindow(windowLength: int, periodic = true, *, ...making)";

/**
 * The Bartlett window: from 0 up to 1 and down again in straight lines.
 *
 * @throws DTypeError when the dtype is no float; ShapeError when the length is no integer from 0.
 *
 * @example
 * ```ts
 * import { bartlettWindow } from "@flambeau/ops";
 *
 * console.log(String(bartlettWindow(4)));
 * // tensor([0.0000, 0.5000, 1.0000, 0.5000])
 * ```
 */
export const bartlettWindow: Callable<typeof BARTLETT, Tensor> = callable(
  BARTLETT,
  (length, periodic, options) =>
    windowOf("bartlettWindow", length, periodic, (place) => 1 - Math.abs(2 * place - 1), options),
);

const KAISER = "kaiserWindow(windowLength: int, periodic = true, beta: number = 12, *, ...making)";

/**
 * The Kaiser window: `I0(beta sqrt(1 - (2 n / (N - 1) - 1)^2)) / I0(beta)` with the modified Bessel function of order zero, and N one more than
 * the length if it is periodic.
 *
 * @param beta - the larger, the narrower is the window.
 * @throws DTypeError when the dtype is no float; ShapeError when the length is no integer from 0.
 *
 * @example
 * ```ts
 * import { kaiserWindow } from "@flambeau/ops";
 *
 * console.log(String(kaiserWindow(3, false, 2)));
 * // tensor([0.4387, 1.0000, 0.4387])
 * ```
 */
export const kaiserWindow: Callable<typeof KAISER, Tensor> = callable(
  KAISER,
  (length, periodic, beta, options) => {
    const whole = besselI0(beta);
    const weight = (place: number): number =>
      besselI0(beta * Math.sqrt(Math.max(0, 1 - (2 * place - 1) ** 2))) / whole;
    return windowOf("kaiserWindow", length, periodic, weight, options);
  },
);

/** The sum of (x / 2)^2k / k!^2, all terms of which are positive. */
function besselI0(x: number): number {
  let [sum, term] = [1, 1];
  for (let k = 1; term > sum * Number.EPSILON; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
