import {
  type DType,
  DTypeError,
  isFloat,
  quote,
  type TypedArray,
  ValueError,
  wordsOf,
} from "@flambeau/backend";
import { checkArgument, checkedDType } from "./check.ts";
import type { Generator } from "./generator.ts";
import { eachWords } from "./streams.ts";

const WORD = 2n ** 32n;
const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** The largest integer up to which a dtype holds every one. */
const EXACT: Readonly<Record<DType, bigint>> = {
  bool: 1n,
  uint8: 255n,
  int8: 127n,
  int16: 2n ** 15n - 1n,
  int32: 2n ** 31n - 1n,
  int64: INT64_MAX,
  float16: 2n ** 11n,
  bfloat16: 2n ** 8n,
  float32: 2n ** 24n,
  float64: 2n ** 53n,
};

/**
 * Fills an array of any dtype with integers, each as likely as any other: `random_`.
 *
 * Without bounds they come from [0, the largest integer up to which the dtype holds every one]. With both, from
 * [from, to). With `from` alone, from [from, that largest integer]; -2^63 alone means every int64.
 * Source: PyTorch 1.13, `random_from_to_impl` and `uniform_int_distribution`.
 *
 * @param dtype `bool` for a Uint8Array that holds booleans; otherwise the array tells.
 * @throws ValueError when a bound is no integer or does not fit the dtype, or the range is empty.
 */
export function random(
  generator: Generator,
  out: TypedArray,
  from?: number | bigint,
  to?: number | bigint,
  dtype?: DType,
): void {
  const type = checkedDType(out, dtype);
  if (from === undefined && to === undefined) {
    fillDefault(generator, out, type);
    return;
  }
  const first = nextFrom(integer("from", from ?? 0), type);
  if (first === INT64_MIN && to === undefined) {
    if (type !== "int64" && !isFloat(type)) {
      throw new DTypeError(
        `random over all of int64 fills int64 and floating point tensors only, not ${type}`,
      );
    }
    fillBig(out, () => BigInt.asIntN(64, generator.random64()));
    return;
  }
  const last = to === undefined ? EXACT[type] : nextTo(integer("to", to), type) - 1n;
  checkArgument(first <= last, `random needs from < to, but got from=${first} and to=${to ?? last + 1n}`);
  checkFits("from", first, type);
  checkFits("to - 1", last, type);
  fillRange(generator, out, last - first + 1n, first, type);
}

/**
 * Fills an array of any dtype with integers in [low, high): `randint`.
 *
 * @param dtype `bool` for a Uint8Array that holds booleans; otherwise the array tells.
 * @throws ValueError when a bound is no integer or does not fit the dtype, or the range is empty.
 */
export function randint(
  generator: Generator,
  out: TypedArray,
  low: number | bigint,
  high: number | bigint,
  dtype?: DType,
): void {
  random(generator, out, low, high, dtype);
}

function fillDefault(generator: Generator, out: TypedArray, dtype: DType): void {
  if (dtype === "int64") {
    fillBig(out, () => BigInt.asUintN(63, generator.random64()));
  } else if (dtype === "float64") {
    fillBig(out, () => generator.random64() % (EXACT.float64 + 1n));
  } else {
    const range = Number(EXACT[dtype]) + 1;
    for (let i = 0; i < out.length; i++) out[i] = generator.random32() % range;
  }
}

/** Draws from [base, base + range). One word is enough for dtypes of up to 32 bits, whatever the range. */
function fillRange(generator: Generator, out: TypedArray, range: bigint, base: bigint, dtype: DType): void {
  const wide = dtype === "int64" || isFloat(dtype);
  const span = Number(range);
  const start = Number(base);
  if (wide && range >= WORD) {
    fillBig(out, () => BigInt.asIntN(64, (generator.random64() % range) + base));
  } else if (!Number.isSafeInteger(start) || !Number.isSafeInteger(start + span)) {
    eachWords(generator, out.length, (words, first) => {
      fillBig(out.subarray(first, first + words.length), (i) => BigInt(words[i] % span) + base);
    });
  } else if (out instanceof BigInt64Array) {
    const halves = wordsOf(out);
    eachWords(generator, out.length, (words, first) => {
      for (let i = 0, to = 2 * first; i < words.length; i++, to += 2) {
        const value = remainder(words[i], span) + start;
        halves[to] = value;
        halves[to + 1] = Math.floor(value / 2 ** 32);
      }
    });
  } else {
    eachWords(generator, out.length, (words, first) => {
      for (let i = 0; i < words.length; i++) out[first + i] = remainder(words[i], span) + start;
    });
  }
}

/**
 * Of a word by a whole number of up to 2^32. By a quotient of doubles, which no rounding takes past a whole number: V8's own remainder takes
 * five times as long.
 */
export function remainder(word: number, span: number): number {
  return word - Math.floor(word / span) * span;
}

function fillBig(out: TypedArray, draw: (i: number) => bigint): void {
  if (out instanceof BigInt64Array) for (let i = 0; i < out.length; i++) out[i] = draw(i);
  else if (out instanceof Float32Array) for (let i = 0; i < out.length; i++) out[i] = toFloat32(draw(i));
  else for (let i = 0; i < out.length; i++) out[i] = Number(draw(i));
}

/** The float32 nearest to an int64, rounded once: a first rounding to float64 must leave the second its last bit. */
function toFloat32(value: bigint): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return Math.fround(number);
  const sticky = (value & 0x7ffn) === 0n ? 0n : 1n;
  return Math.fround(Number((value >> 11n) | sticky) * 2048);
}

function integer(name: string, value: number | bigint): bigint {
  if (typeof value !== "bigint" && !Number.isInteger(value)) {
    throw new ValueError(`${name} must be an integer, but got ${quote(value)}`);
  }
  const result = BigInt(value);
  checkArgument(result >= INT64_MIN && result <= INT64_MAX, `${name}=${value} does not fit int64`);
  return result;
}

function checkFits(name: string, value: bigint, dtype: DType): void {
  if (isFloat(dtype)) return;
  const min = dtype === "bool" || dtype === "uint8" ? 0n : -EXACT[dtype] - 1n;
  checkArgument(
    value >= min && value <= EXACT[dtype],
    `random: ${name}=${value} is out of bounds for ${dtype}`,
  );
}

/** `from`, moved up to the next integer that the dtype holds where rounding would fall below it (`update_from`). */
function nextFrom(from: bigint, dtype: DType): bigint {
  if (!isFloat(dtype)) return from;
  const rounded = roundTo(from + 1n, dtype);
  return rounded < from ? rounded + spacing(from + 1n, dtype) : from;
}

/** `to`, moved down to the next integer that the dtype holds where rounding would reach it (`update_to`). */
function nextTo(to: bigint, dtype: DType): bigint {
  if (!isFloat(dtype)) return to;
  const rounded = roundTo(to - 1n, dtype);
  return rounded >= to ? rounded - spacing(to - 1n, dtype) : to;
}

/** The value of the dtype nearest to an integer; of two, the one with the even last digit. */
function roundTo(value: bigint, dtype: DType): bigint {
  const unit = spacing(value, dtype);
  const magnitude = value < 0n ? -value : value;
  const twice = 2n * (magnitude % unit);
  let units = magnitude / unit;
  if (twice > unit || (twice === unit && units % 2n === 1n)) units++;
  return (value < 0n ? -units : units) * unit;
}

/** The distance between neighbouring values of the dtype at an integer; 1 where it holds every one. */
function spacing(value: bigint, dtype: DType): bigint {
  const digits = EXACT[dtype].toString(2).length - 1;
  const magnitude = value < 0n ? -value : value;
  const exponent = magnitude.toString(2).length - 1;
  return 1n << BigInt(Math.max(0, exponent - digits + 1));
}
