import { type DType, isFloat, ValueError } from "@flambeau/backend";
import { floatBits } from "./dispatch.ts";

/**
 * Params of a kernel as words of its uniforms, converted to the compute dtype.
 *
 * @throws ValueError for an int64 that does not fit 32 bits.
 */
export function paramWords(params: readonly (number | bigint)[], compute: DType): number[] {
  return params.map((param) => wordOf(param, compute));
}

function wordOf(param: number | bigint, compute: DType): number {
  if (isFloat(compute)) return floatBits(Number(param));
  if (compute === "bool") return Number(param) !== 0 ? 1 : 0;
  if (compute === "int64") return narrowed(param) >>> 0;
  const word = typeof param === "bigint" ? Number(BigInt.asIntN(32, param)) : param;
  // As a typed array's store: wrapping, infinities and nan to 0.
  return compute === "uint8" ? word & 255 : word >>> 0;
}

/** @throws ValueError when the integer does not fit. */
export function narrowed(value: number | bigint): number {
  const x = Math.trunc(Number(value));
  if (x === (x | 0)) return x | 0;
  throw new ValueError(
    `${value} does not fit: the GPU keeps int64 in 32 bits, from -2147483648 to 2147483647`,
  );
}
