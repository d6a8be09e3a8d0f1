import type { Library } from "../helpers.ts";

/** Functions of int32; division by zero gives 0, as on the CPU. */
export const integer: Library = {
  // WGSL: the least integer over -1 is itself; CPUs wrap to the same.
  intDiv: {
    code: `
fn intDiv(a: i32, b: i32) -> i32 {
  if (b == 0) { return 0; }
  if (b == -1) { return -a; }
  return a / b;
}`,
  },
  intFloorDiv: {
    calls: ["intDiv"],
    code: `
fn intFloorDiv(a: i32, b: i32) -> i32 {
  let q = intDiv(a, b);
  return select(q, q - 1, b != 0 && q * b != a && (a < 0) != (b < 0));
}`,
  },
  intMod: {
    calls: ["intFloorDiv"],
    code: `
fn intMod(a: i32, b: i32) -> i32 {
  return select(a - b * intFloorDiv(a, b), 0, b == 0);
}`,
  },
  intFmod: {
    calls: ["intDiv"],
    code: `
fn intFmod(a: i32, b: i32) -> i32 {
  return select(a - b * intDiv(a, b), 0, b == 0);
}`,
  },
  // Repeated squaring; a negative exponent gives the power's integer part, and 0 for a base of 0.
  intPow: {
    code: `
fn intPow(base: i32, exponent: i32) -> i32 {
  if (exponent < 0) {
    if (base == 1) { return 1; }
    if (base == -1) { return select(-1, 1, (exponent & 1) == 0); }
    return 0;
  }
  var result = 1;
  var square = base;
  var e = exponent;
  while (e > 0) {
    if ((e & 1) != 0) { result = result * square; }
    square = square * square;
    e = e >> 1u;
  }
  return result;
}`,
  },
};
