/**
 * `a * b + c` in float32, rounded once. PyTorch's AVX2 kernels are compiled to such fused operations, and their last
 * bit shows in every initial weight.
 *
 * The product of two float32 is exact in float64, so that only the sum is rounded twice: to float64, then to float32.
 * The second rounding goes wrong only where the first has landed midway between two float32; there the error of the
 * first (Knuth's two-sum) says to which side the exact sum lies.
 */
export function fma32(a: number, b: number, c: number): number {
  const product = a * b;
  const sum = product + c;
  const rounded = Math.fround(sum);
  const rest = sum - rounded;
  if (rest === 0) return rounded;
  const mirrored = rounded + 2 * rest;
  if (Math.fround(mirrored) !== mirrored) return rounded;
  const part = sum - product;
  const error = product - (sum - part) + (c - part);
  if (error === 0) return rounded;
  return error > 0 ? Math.max(rounded, mirrored) : Math.min(rounded, mirrored);
}

const float = new Float64Array(1);
const bits = new BigInt64Array(float.buffer);
/** Splits a float64 into two halves of 26 bits (Veltkamp). */
const SPLITTER = 2 ** 27 + 1;
/** Beyond this the halves would overflow. */
const SAFE = 2 ** 480;

/**
 * `a * b + c` in float64, rounded once (underflow apart). Values that are not finite, or huge, are rounded twice.
 *
 * Source: S. Boldo and G. Melquiond, "Emulation of a FMA and correctly rounded sums", IEEE Transactions on Computers
 * 57 (2008): the three parts of the exact result are added so that only the last addition rounds to nearest.
 */
export function fma64(a: number, b: number, c: number): number {
  const product = a * b;
  if (!(Math.abs(a) < SAFE && Math.abs(b) < SAFE && Math.abs(c) < SAFE)) return product + c;
  const productError = multiplicationError(a, b, product);
  const low = c + productError;
  const lowError = additionError(c, productError, low);
  const high = product + low;
  const highError = additionError(product, low, high);
  return high + addToOdd(highError, lowError);
}

/** The exact value of `a * b - product`, `product` being the rounded one (Dekker). */
function multiplicationError(a: number, b: number, product: number): number {
  const aBig = SPLITTER * a;
  const aHigh = aBig - (aBig - a);
  const bBig = SPLITTER * b;
  const bHigh = bBig - (bBig - b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/** The exact value of `a + b - sum`, `sum` being the rounded one (Knuth). */
function additionError(a: number, b: number, sum: number): number {
  const part = sum - a;
  return a - (sum - part) + (b - part);
}

/** `a + b` rounded to the neighbour whose last bit is odd, so that a later rounding still sees that it was inexact. */
function addToOdd(a: number, b: number): number {
  const sum = a + b;
  const error = additionError(a, b, sum);
  float[0] = sum;
  if (error === 0 || (bits[0] & 1n) === 1n) return sum;
  // The bits of a float64, read as an integer, grow with its magnitude.
  bits[0] += error > 0 === sum > 0 ? 1n : -1n;
  return float[0];
}
