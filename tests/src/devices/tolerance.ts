/**
 * How far a device's float32 may be from float64: relative to the value, or to 1 for smaller ones. Two errors add up:
 * float32's own (half an ulp is 6e-8; values are around 1, derivatives up to a few hundred, and formulas have up to a few
 * dozen roundings), and the central differences' (1e-6, see tests/src/gradients). Every op has the default unless
 * it is listed with a reason. mutants.test.ts shows that a sign or a factor of 1.01 does not pass.
 */
export const defaultTolerance = 2e-5;

export interface Tolerance {
  readonly value: number;
  readonly reason: string;
}

export const tolerances: Readonly<Record<string, Tolerance>> = {
  corrcoef: {
    value: 1e-4,
    reason:
      "of a row of 3 numbers 0.2 apart and its exponential the second derivatives are sums of terms 30 times as large",
  },
  norm: {
    value: 2e-4,
    reason:
      "of one number x the second derivative is 0 as a difference of two terms (p - 1) / |x|, 100 with p = 3 at 0.02",
  },
};

export function toleranceOf(name: string): number {
  return tolerances[name]?.value ?? defaultTolerance;
}

/** Whether a number is near to what it should be; infinities and nan are near to themselves only. */
export function isNear(got: number, wanted: number, tolerance: number): boolean {
  if (!Number.isFinite(wanted)) return Object.is(got, wanted);
  return Math.abs(got - wanted) <= tolerance * Math.max(1, Math.abs(wanted));
}
