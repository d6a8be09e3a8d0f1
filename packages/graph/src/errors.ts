import { FlambeauError } from "@flambeau/backend";

/**
 * A program that no graph can say: what it computes depends on the elements of a tensor, or on sizes in a way that is no sum of
 * products.
 *
 * @example
 * ```ts
 * import { trace, TraceError } from "@flambeau/graph";
 * import { type Tensor, tensor } from "@flambeau/tensor";
 *
 * try {
 *   trace((x: Tensor) => (x.sum().itemSync() > 0 ? x : x.neg()), [tensor([1, 2])]);
 * } catch (error) {
 *   console.log(error instanceof TraceError);
 *   // true
 * }
 * ```
 */
export class TraceError extends FlambeauError {
  override readonly name: string = "TraceError";
}
