import { FlambeauError } from "@flambeau/backend";

/**
 * A model that ONNX cannot say, or an option that is none: an operation without a form in ONNX, a draw of random numbers, a write
 * to what the model holds, an opset that is not supported. The message names the operation and the line that called it.
 *
 * @example
 * ```ts
 * import { exportOnnx, OnnxError } from "@flambeau/onnx";
 * import { rand, type Tensor, zeros } from "flambeau";
 *
 * try {
 *   await exportOnnx((x: Tensor) => x.add(rand([2])), [zeros([2])]);
 * } catch (error) {
 *   console.log(error instanceof OnnxError);
 *   // true
 * }
 * ```
 */
export class OnnxError extends FlambeauError {
  override readonly name: string = "OnnxError";
}
