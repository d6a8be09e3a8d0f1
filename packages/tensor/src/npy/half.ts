/*
 * IEEE 754 binary16 by arithmetic: 1 sign bit, 5 exponent bits (bias 15), 10 fraction bits. Node 20 has neither
 * Float16Array nor DataView.getFloat16.
 */

const INFINITY_BITS = 0x7c00;
const NAN_BITS = 0x7e00;

/**
 * The value of a half-precision number's 16 bits.
 *
 * @internal
 */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Infinity;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/**
 * The 16 bits of the half-precision number nearest to a value; a tie goes to the even fraction.
 *
 * @internal
 */
export function numberToHalf(value: number): number {
  if (Number.isNaN(value)) return NAN_BITS;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.min(Math.abs(value), 65536);
  const exponent = exponentOf(magnitude);
  // In units of the last place the bits simply count on: a carry out of the fraction raises the exponent, past the
  // largest finite number lies infinity.
  const units = roundHalfEven(magnitude / 2 ** (exponent - 10));
  return sign | Math.min(units + ((exponent + 14) << 10), INFINITY_BITS);
}

/** The binary exponent of a number from 0 to 65536, no less than -14: below that halves are subnormal. */
function exponentOf(magnitude: number): number {
  let exponent = -14;
  while (2 ** (exponent + 1) <= magnitude) exponent++;
  return exponent;
}

function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return value % 1 === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}
