/** To the nearest integer, halves to the even one, keeping the sign of zero. */
export function roundHalfEven(x: number): number {
  const r = Math.round(x);
  return r - x === 0.5 && r % 2 !== 0 ? r - 1 : r;
}

/** Python's and PyTorch's `%`: the sign of the divisor. Source: PyTorch's aten/src/ATen/native/cpu/BinaryOpsKernel.cpp. */
export function remainder(a: number, b: number): number {
  const mod = a % b;
  return mod !== 0 && mod < 0 !== b < 0 ? mod + b : mod;
}

/**
 * Division rounded down, exact where a quotient of rounded operands would jump to the next integer.
 * Source: CPython's float_floor_div, as PyTorch has it in aten/src/ATen/native/cpu/BinaryOpsKernel.cpp.
 */
export function floorDivide(a: number, b: number): number {
  if (b === 0) return a / b;
  const mod = a % b;
  let quotient = (a - mod) / b;
  if (mod !== 0 && b < 0 !== mod < 0) quotient -= 1;
  if (quotient === 0) return a < 0 !== b < 0 ? -0 : 0;
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

/** C's pow, which differs from JavaScript's where the base is 1 or -1. */
export function power(x: number, y: number): number {
  if (x === 1 || (x === -1 && (y === Infinity || y === -Infinity))) return 1;
  return x ** y;
}
