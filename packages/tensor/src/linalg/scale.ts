import { LinAlgError } from "@flambeau/backend";

/**
 * A power of two of the size of the largest magnitude (1 for zeros): dividing by it loses no digit, and keeps squares of the
 * largest elements from overflowing.
 *
 * @throws LinAlgError when a number is infinite or NaN.
 */
export function powerOfTwoNear(what: string, values: Float64Array): number {
  let largest = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) throw new LinAlgError(`${what} must be finite, it holds ${value}`);
    largest = Math.max(largest, Math.abs(value));
  }
  return largest === 0 ? 1 : 2 ** Math.min(1023, Math.floor(Math.log2(largest)));
}
