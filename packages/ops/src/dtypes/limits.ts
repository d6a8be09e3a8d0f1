/** The limits of dtypes. */
import { type DType, DTypeError, isFloat, itemSize } from "@flambeau/backend";
import { type Callable, callable, getDefaultDType } from "@flambeau/tensor";

/** What `finfo` gives. */
export interface FloatInfo {
  /** The dtype. */
  readonly dtype: DType;
  /** How many bits a number takes. */
  readonly bits: number;
  /** The distance of 1 from the next larger number. */
  readonly eps: number;
  /** The largest number. */
  readonly max: number;
  /** The smallest number, `-max`. */
  readonly min: number;
  /** The smallest positive number that has all its digits. */
  readonly tiny: number;
  /** The same as `tiny`. */
  readonly smallestNormal: number;
  /** The power of ten of which numbers near 1 are sure to have the digits. */
  readonly resolution: number;
}

/** By IEEE 754: the bits behind the leading one, the largest exponent, and the digits that are sure. */
const FORMATS = {
  float16: { fraction: 10, exponent: 15, digits: 3 },
  bfloat16: { fraction: 7, exponent: 127, digits: 2 },
  float32: { fraction: 23, exponent: 127, digits: 6 },
  float64: { fraction: 52, exponent: 1023, digits: 15 },
} as const;

const FINFO = "finfo(dtype?)";

/**
 * The limits of a float dtype, the default one if none is given.
 *
 * @throws DTypeError when the dtype is unknown, or no float.
 *
 * @example
 * ```ts
 * import { finfo } from "@flambeau/ops";
 *
 * console.log(finfo("float16").max, finfo("float64").eps === Number.EPSILON);
 * // 65504 true
 * ```
 */
export const finfo: Callable<typeof FINFO, FloatInfo> = callable(FINFO, (given) => {
  const dtype = given ?? getDefaultDType();
  if (!isFloat(dtype)) throw new DTypeError(`finfo takes a float dtype; of ${dtype} there is iinfo`);
  const { fraction, exponent, digits } = FORMATS[dtype as keyof typeof FORMATS];
  const eps = 2 ** -fraction;
  const max = (2 - eps) * 2 ** exponent;
  const tiny = 2 ** (1 - exponent);
  const bits = 8 * itemSize(dtype);
  return { dtype, bits, eps, max, min: -max, tiny, smallestNormal: tiny, resolution: Number(`1e-${digits}`) };
});

/** What `iinfo` gives. */
export interface IntegerInfo {
  /** The dtype. */
  readonly dtype: DType;
  /** How many bits an integer takes. */
  readonly bits: number;
  /** The largest integer: a bigint of int64, as its elements are. */
  readonly max: number | bigint;
  /** The smallest integer. */
  readonly min: number | bigint;
}

const IINFO = "iinfo(dtype: dtype)";

/**
 * The limits of an integer dtype.
 *
 * @throws DTypeError when the dtype is unknown, or no integer.
 *
 * @example
 * ```ts
 * import { iinfo } from "@flambeau/ops";
 *
 * console.log(iinfo("uint8").max, iinfo("int64").max);
 * // 255 9223372036854775807n
 * ```
 */
export const iinfo: Callable<typeof IINFO, IntegerInfo> = callable(IINFO, (dtype) => {
  if (isFloat(dtype)) throw new DTypeError(`iinfo takes an integer dtype; of ${dtype} there is finfo`);
  if (dtype === "bool") throw new DTypeError("iinfo takes an integer dtype; got bool");
  const bits = 8 * itemSize(dtype);
  if (dtype === "uint8") return { dtype, bits, max: 255, min: 0 };
  if (dtype === "int64") return { dtype, bits, max: 2n ** 63n - 1n, min: -(2n ** 63n) };
  return { dtype, bits, max: 2 ** (bits - 1) - 1, min: -(2 ** (bits - 1)) };
});
