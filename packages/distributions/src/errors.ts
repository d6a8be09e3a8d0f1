import { FlambeauError } from "@flambeau/backend";

/**
 * A property or method that a distribution does not have, or a divergence for which no formula is registered.
 *
 * @example
 * ```ts
 * import { distributions } from "flambeau";
 *
 * try {
 *   new distributions.Gamma(1, 1).cdf(0.5);
 * } catch (error) {
 *   if (error instanceof distributions.NotImplementedError) console.log(error.message);
 *   // Gamma has no cdf
 * }
 * ```
 */
export class NotImplementedError extends FlambeauError {
  override name: string = "NotImplementedError";
}
