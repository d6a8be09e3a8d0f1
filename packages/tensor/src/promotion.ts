import {
  ArgumentError,
  categoryOf,
  type DType,
  isFloat,
  promote,
  promoteScalar,
  quote,
  ValueError,
} from "@flambeau/backend";
import { getDefaultDType } from "./defaults.ts";
import { type Operand, type Scalar, Tensor } from "./tensor.ts";

/**
 * The dtype of an elementwise result, as PyTorch finds it: tensors with dimensions decide, then scalar tensors, then
 * plain scalars; a later kind counts only when its category (bool, integer, float) is higher.
 * Source: PyTorch, aten/src/ATen/native/TypeProperties.cpp (result_type).
 *
 * @example
 * ```ts
 * import { resultType, tensor } from "@flambeau/tensor";
 *
 * console.log(resultType([tensor([1n]), 2.5]));
 * // float32
 * ```
 */
export function resultType(operands: readonly Operand[], from = 0): DType {
  if (!Array.isArray(operands))
    throw new ArgumentError(
      `resultType: operands are an array of tensors and numbers; got ${quote(operands)}`,
    );
  let dimensioned: DType | undefined;
  let scalars: DType | undefined;
  for (let i = from; i < operands.length; i++) {
    const x = operands[i];
    if (!(x instanceof Tensor)) continue;
    if (x.shape.length > 0) dimensioned = dimensioned === undefined ? x.dtype : promote(dimensioned, x.dtype);
    else scalars = scalars === undefined ? x.dtype : promote(scalars, x.dtype);
  }
  let result = joinCategories(dimensioned, scalars);
  for (let i = from; i < operands.length; i++) {
    const x = operands[i];
    if (x instanceof Tensor) continue;
    if (result === undefined) result = scalarDType(x);
    else result = promoteScalar(result, x, getDefaultDType());
  }
  return result ?? getDefaultDType();
}

/** The dtype a plain scalar has on its own: number float32, bigint int64, boolean bool. */
export function scalarDType(x: number | bigint | boolean): DType {
  return typeof x === "number" ? getDefaultDType() : typeof x === "bigint" ? "int64" : "bool";
}

/** The least and greatest scalar that each integer dtype takes; PyTorch lets unsigned ones wrap below zero. */
const RANGES: Readonly<Partial<Record<DType, readonly [number | bigint, number | bigint]>>> = {
  uint8: [-255, 255],
  int8: [-128, 127],
  int16: [-32768, 32767],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
};

/**
 * Refuses a plain scalar that an integer dtype cannot hold; a fraction is cut off later.
 *
 * @throws ValueError
 */
export function checkHolds(what: string, dtype: DType, value: Scalar): void {
  const range = RANGES[dtype];
  if (range === undefined || typeof value === "boolean") return;
  // Comparisons of numbers with bigints are exact; nan fails both.
  if (!(value >= range[0] && value <= range[1]))
    throw new ValueError(`${what}: ${quote(value)} is no value of ${dtype}`);
}

/**
 * The product of two plain scalars; with a bigint it is int64's, which wraps.
 *
 * @throws ValueError when a bigint is no value of int64.
 */
export function timesScalar(a: Scalar, b: Scalar): Scalar {
  if ((typeof a !== "bigint" && typeof b !== "bigint") || !isWhole(a) || !isWhole(b))
    return Number(a) * Number(b);
  for (const x of [a, b]) checkHolds("a product", "int64", x);
  return BigInt.asIntN(64, BigInt(a) * BigInt(b));
}

/** Whether an operand is a plain scalar: TypeScript says so, but not to everyone. */
export function isScalar(x: unknown): x is Scalar {
  return typeof x === "number" || typeof x === "bigint" || typeof x === "boolean";
}

/** Whether a plain scalar has no fraction. */
export function isWhole(x: Scalar): boolean {
  return typeof x !== "number" || Number.isInteger(x);
}

function joinCategories(higher: DType | undefined, lower: DType | undefined): DType | undefined {
  if (higher === undefined) return lower;
  if (lower === undefined || isFloat(higher)) return higher;
  return categoryOf(higher) === "bool" || isFloat(lower) ? promote(higher, lower) : higher;
}
