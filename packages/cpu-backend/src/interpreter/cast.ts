import {
  type DType,
  halfBits,
  halfValue,
  isFloat,
  isHalf,
  type TypedArray,
  wordsOf,
} from "@flambeau/backend";
import { copyNumbers as copyNumbers32 } from "./float32/loops-number.ts";
import type { Loop, NumberArray } from "./loops.ts";
import { copyNumbers } from "./loops-number.ts";

type Cast<O, X> = (n: number, o: O, oi: number, os: number, x: X, xi: number, xs: number) => void;

/** For fewer int64 elements a view of their words costs more than a bigint each. */
const FEW = 8;

/** The loop that converts elements: its operands are the first two of `Loop`. */
export function castLoop(to: DType, from: DType): Loop {
  if (to === from) return copy;
  if (isHalf(to) || isHalf(from)) return halfLoop(to, from);
  if (from === "int64")
    return (to === "bool" ? bigToBool : isFloat(to) ? bigToFloat : bigToInt) as unknown as Loop;
  if (to === "int64") return (isFloat(from) ? floatToBig : intToBig) as unknown as Loop;
  if (to !== "uint8" && to !== "bool" && !isFloat(to) && isFloat(from)) return floatToInt as unknown as Loop;
  return (to === "bool" ? toBool : copyNumbers) as unknown as Loop;
}

/** Same dtype; the engine's block copy where it pays. */
const copy: Loop = (n, o, oi, os, x, xi, xs) => {
  if (n > 32 && os === 1 && xs === 1) (o as NumberArray).set((x as NumberArray).subarray(xi, xi + n), oi);
  else if (n > 32 && os === 1 && xs === 0) (o as NumberArray).fill((x as NumberArray)[xi], oi, oi + n);
  else if (o instanceof BigInt64Array) copyBigints(n, o, oi, os, x as BigInt64Array, xi, xs);
  else if (o instanceof Float32Array)
    copyNumbers32(n, o, oi, os, x as Float32Array, xi, xs, o, 0, 0, o, 0, 0);
  else copyNumbers(n, o, oi, os, x as NumberArray, xi, xs, o, 0, 0, o, 0, 0);
};

const copyBigints: Cast<BigInt64Array, BigInt64Array> = (n, o, oi, os, x, xi, xs) => {
  for (; n > 0; n--, oi += os, xi += xs) o[oi] = x[xi];
};

/** Between 16-bit floats and float32, and by way of it between them and the rest. */
function halfLoop(to: DType, from: DType): Loop {
  if (from === "float32") return mapped(halfBits(to));
  if (to === "float32") return mapped(halfValue(from));
  const load = castLoop("float32", from);
  const store = castLoop(to, "float32");
  return (n, o, oi, os, x, xi, xs) => {
    const between = new Float32Array(n);
    load(n, between, 0, 1, x, xi, xs, x, 0, 0, x, 0, 0);
    store(n, o, oi, os, between, 0, 1, between, 0, 0, between, 0, 0);
  };
}

function mapped(convert: (x: number) => number): Loop {
  const loop: Cast<NumberArray, NumberArray> = (n, o, oi, os, x, xi, xs) => {
    for (; n > 0; n--, oi += os, xi += xs) o[oi] = convert(x[xi]);
  };
  return loop as unknown as Loop;
}

const toBool: Cast<Uint8Array, NumberArray> = (n, o, oi, os, x, xi, xs) => {
  for (; n > 0; n--, oi += os, xi += xs) o[oi] = x[xi] !== 0 ? 1 : 0;
};

const bigToBool: Cast<Uint8Array, BigInt64Array> = (n, o, oi, os, x, xi, xs) => {
  for (; n > 0; n--, oi += os, xi += xs) o[oi] = x[xi] !== 0n ? 1 : 0;
};

const bigToFloat: Cast<NumberArray, BigInt64Array> = (n, o, oi, os, x, xi, xs) => {
  if (n < FEW) for (; n > 0; n--, oi += os, xi += xs) o[oi] = Number(x[xi]);
  else {
    const words = wordsOf(x);
    // The high word's share is exact, so that only the sum is rounded.
    for (let w = 2 * xi; n > 0; n--, oi += os, w += 2 * xs) o[oi] = words[w + 1] * 2 ** 32 + (words[w] >>> 0);
  }
};

const bigToInt: Cast<NumberArray, BigInt64Array> = (n, o, oi, os, x, xi, xs) => {
  for (; n > 0; n--, oi += os, xi += xs) o[oi] = Number(BigInt.asIntN(32, x[xi]));
};

const intToBig: Cast<BigInt64Array, NumberArray> = (n, o, oi, os, x, xi, xs) => {
  if (n < FEW) for (; n > 0; n--, oi += os, xi += xs) o[oi] = BigInt(x[xi]);
  else {
    const words = wordsOf(o);
    for (let w = 2 * oi; n > 0; n--, w += 2 * os, xi += xs) {
      words[w] = x[xi];
      words[w + 1] = x[xi] >> 31;
    }
  }
};

/** What does not fit int32 gives its least integer, as in `toBigint`; narrower ones take the lowest bits, as in PyTorch. */
const floatToInt: Cast<NumberArray, NumberArray> = (n, o, oi, os, x, xi, xs) => {
  for (; n > 0; n--, oi += os, xi += xs) {
    const value = x[xi];
    o[oi] = value > -2147483649 && value < 2147483648 ? value : -2147483648;
  }
};

const floatToBig: Cast<BigInt64Array, NumberArray> = (n, o, oi, os, x, xi, xs) => {
  if (n < FEW) for (; n > 0; n--, oi += os, xi += xs) o[oi] = toBigint(x[xi]);
  else {
    const words = wordsOf(o);
    for (; n > 0; n--, oi += os, xi += xs) {
      const value = x[xi];
      const word = value | 0;
      if (word === Math.trunc(value)) {
        words[2 * oi] = word;
        words[2 * oi + 1] = word >> 31;
      } else o[oi] = toBigint(value);
    }
  }
};

/** A number as an int64; what does not fit gives the least one, as C's conversion does on x86 and so PyTorch. */
export function toBigint(x: number | bigint): bigint {
  if (typeof x === "bigint") return x;
  return Math.abs(x) < 2 ** 63 ? BigInt(Math.trunc(x)) : -(2n ** 63n);
}

/** Writes a scalar into an array of a dtype, converted as elements are. */
export function putScalar(array: TypedArray, index: number, dtype: DType, value: number | bigint): void {
  if (dtype === "int64") (array as BigInt64Array)[index] = toBigint(value);
  else if (dtype === "bool") (array as Uint8Array)[index] = Number(value) !== 0 ? 1 : 0;
  else if (isHalf(dtype)) (array as Int16Array)[index] = halfBits(dtype)(Number(value));
  else if (isFloat(dtype)) (array as Float64Array)[index] = Number(value);
  else (array as Int32Array)[index] = Number(typeof value === "bigint" ? BigInt.asIntN(32, value) : value);
}
