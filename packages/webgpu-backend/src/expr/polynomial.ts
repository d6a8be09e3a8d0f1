/** A polynomial by Horner's rule as WGSL, coefficients from the constant term up. */
export function polynomial(x: string, coefficients: readonly number[]): string {
  let code = "";
  for (let i = coefficients.length - 1; i >= 0; i--) {
    const literal = float(coefficients[i]);
    code = code === "" ? literal : `(${code} * ${x} + ${literal})`;
  }
  return code;
}

/** A float32 literal. */
export function float(x: number): string {
  const digits = `${Math.fround(x)}`;
  const literal = /[.e]/.test(digits) ? digits : `${digits}.0`;
  return x < 0 ? `(${literal})` : literal;
}
