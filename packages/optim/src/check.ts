import { quote, ValueError } from "@flambeau/backend";

/**
 * Refuses an option that is not a number from `low` up to but not including `high`; nan is none.
 *
 * @throws ValueError
 */
export function checkRange(what: string, value: unknown, low = 0, high: number = Infinity): void {
  if (typeof value === "number" && value >= low && (value < high || high === Infinity)) return;
  const range = high === Infinity ? `a number from ${low}` : `a number from ${low} to below ${high}`;
  throw new ValueError(`invalid ${what}: expected ${range}, got ${quote(value)}`);
}

/**
 * Refuses betas that are not two numbers from 0 to below 1.
 *
 * @throws ValueError
 */
export function checkBetas(what: string, betas: unknown): void {
  if (!Array.isArray(betas) || betas.length !== 2) {
    throw new ValueError(`invalid ${what}: expected two numbers as in [0.9, 0.999], got ${quote(betas)}`);
  }
  betas.forEach((beta, i) => {
    checkRange(`${what}[${i}]`, beta, 0, 1);
  });
}
