import { ValueError } from "@flambeau/backend";
import { count, type Size } from "./size.ts";
import type { Stream } from "./stream.ts";

/** The arrays of integers that `randint` fills, by dtype. */
export interface IntegerArrays {
  /** Of "int64", the default. */
  int64: BigInt64Array;
  /** Of "int32". */
  int32: Int32Array;
  /** Of "uint8". */
  uint8: Uint8Array;
  /** Of "bool": 0 and 1. */
  bool: Uint8Array;
}

/** The dtypes that `randint` draws. */
export type IntegerDType = keyof IntegerArrays;

const BOUNDS: Readonly<Record<IntegerDType, readonly [min: bigint, max: bigint]>> = {
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint8: [0n, 255n],
  bool: [0n, 1n],
};

/**
 * Integers in [low, high), by masking and rejection. Bytes and booleans are cut from one word after the other, each
 * call starting with a fresh word. Source: NumPy 1.24, `numpy/random/_bounded_integers.pyx.in` and the
 * `random_bounded_*_fill` functions of `src/distributions/distributions.c`.
 */
export function drawIntegers<D extends IntegerDType>(
  stream: Stream,
  low: bigint,
  high: bigint,
  size: Size,
  dtype: D,
): IntegerArrays[D] {
  const length = count(size);
  const [min, max] = BOUNDS[dtype];
  if (low < min) throw new ValueError(`randint: low=${low} is out of bounds for ${dtype}`);
  if (high - 1n > max) throw new ValueError(`randint: high=${high} is out of bounds for ${dtype}`);
  if (low >= high) throw new ValueError(`randint needs low < high, but got low=${low} and high=${high}`);
  const range = high - 1n - low;
  const draw: Record<IntegerDType, () => IntegerArrays[IntegerDType]> = {
    int64: () => fillInt64(stream, new BigInt64Array(length), low, range),
    int32: () => fillNumbers(new Int32Array(length), Number(low), () => stream.interval(Number(range))),
    uint8: () => fillNumbers(new Uint8Array(length), Number(low), pieces(stream, Number(range), 8)),
    bool: () => fillNumbers(new Uint8Array(length), Number(low), pieces(stream, Number(range), 1)),
  };
  return draw[dtype]() as IntegerArrays[D];
}

function fillInt64(stream: Stream, out: BigInt64Array, low: bigint, range: bigint): BigInt64Array {
  for (let i = 0; i < out.length; i++) out[i] = low + stream.bigInterval(range);
  return out;
}

function fillNumbers<A extends Int32Array | Uint8Array>(out: A, low: number, draw: () => number): A {
  for (let i = 0; i < out.length; i++) out[i] = low + draw();
  return out;
}

/** Draws in [0, max] from pieces of so many bits, the low bits of a word first. */
function pieces(stream: Stream, max: number, bits: number): () => number {
  let word = 0;
  let left = 0;
  const mask = max === 0 ? 0 : 0xffffffff >>> Math.clz32(max);
  const piece = (): number => {
    if (left === 0) {
      word = stream.word();
      left = 32 / bits;
    } else {
      word >>>= bits;
    }
    left--;
    return word & mask;
  };
  return () => {
    if (max === 0) return 0;
    let value = piece();
    while (value > max) value = piece();
    return value;
  };
}
