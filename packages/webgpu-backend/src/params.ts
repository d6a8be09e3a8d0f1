import { type DType, isFloat } from "@flambeau/backend";
import { floatBits } from "./dispatch.ts";

/** Params of a kernel as words of its uniforms, converted to the compute dtype: two each for int64, the low one first. */
export function paramWords(params: readonly (number | bigint)[], compute: DType): number[] {
  if (compute === "int64") return params.flatMap(longWords);
  return params.map((param) => wordOf(param, compute));
}

function wordOf(param: number | bigint, compute: DType): number {
  if (isFloat(compute)) return floatBits(Number(param));
  if (compute === "bool") return Number(param) !== 0 ? 1 : 0;
  const word = typeof param === "bigint" ? Number(BigInt.asIntN(32, param)) : param;
  // As a typed array's store: wrapping, infinities and nan to 0.
  return compute === "uint8" ? word & 255 : word >>> 0;
}

/** An int64 as its low and its high word; a number that does not fit is the least one, as on the CPU. */
export function longWords(value: number | bigint): [low: number, high: number] {
  const x =
    typeof value === "bigint" ? value : Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : -(2n ** 63n);
  return [Number(BigInt.asUintN(32, x)), Number(BigInt.asUintN(32, x >> 32n))];
}
