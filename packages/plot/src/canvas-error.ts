import { FlambeauError } from "@flambeau/backend";

/**
 * Pixels of a figure that cannot be drawn: the runtime has no canvas, as Node, Bun, Deno and workers, or the canvas would be too large.
 *
 * @example
 * ```ts
 * import { CanvasError, plotLines } from "@flambeau/plot";
 *
 * const figure = await plotLines([3, 2, 1]);
 * try {
 *   await figure.toBlob("image/png");
 * } catch (error) {
 *   if (error instanceof CanvasError) console.log(error.message.split(";")[0]);
 *   // toBlob: this runtime has no canvas to draw pixels on
 * }
 * ```
 */
export class CanvasError extends FlambeauError {
  override name: string = "CanvasError";
}
