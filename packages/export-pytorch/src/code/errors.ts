import { FlambeauError } from "@flambeau/backend";

/**
 * A model that no PyTorch project can say: it calls what PyTorch does not have, or holds what no file of code can hold.
 *
 * @example
 * ```ts
 * import { emitModel, ExportError } from "@flambeau/export-pytorch";
 * import { nn, randn, uniqueAll, type Tensor } from "flambeau";
 *
 * class Net extends nn.Module {
 *   override forward(x: Tensor): Tensor {
 *     return uniqueAll(x).counts;
 *   }
 * }
 * try {
 *   emitModel(new Net(), { inputs: [randn([2])], loss: (counts: Tensor) => counts.sum(), rest: [] });
 * } catch (error) {
 *   console.log(error instanceof ExportError);
 *   // true
 * }
 * ```
 */
export class ExportError extends FlambeauError {
  override readonly name: string = "ExportError";
}
