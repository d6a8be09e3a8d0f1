/**
 * The root of every error this library throws on purpose, so that one `instanceof` tells them from bugs.
 *
 * @example
 * ```ts
 * import { FlambeauError, tensor } from "flambeau";
 *
 * try {
 *   tensor([[1, 2], [3]]);
 * } catch (error) {
 *   console.log(error instanceof FlambeauError);
 *   // true
 * }
 * ```
 */
export class FlambeauError extends Error {
  /** The name of the class, which stands before the message where an error is printed. */
  override name: string = "FlambeauError";
}

/**
 * Shapes that do not fit: ragged nesting, shapes that do not broadcast or multiply, a bad reshape.
 *
 * @example
 * ```ts
 * import { ShapeError, zeros } from "flambeau";
 *
 * try {
 *   zeros([2, 3]).add(zeros([4]));
 * } catch (error) {
 *   if (error instanceof ShapeError) console.log(error.message);
 *   // add: shapes [2, 3] and [4] do not broadcast: sizes 3 and 4 at dimension 1 (counted from the end: -1) differ and neither is 1
 * }
 * ```
 */
export class ShapeError extends FlambeauError {
  override name: string = "ShapeError";
}

/**
 * A data type that is unknown, or that the operation or the device does not take.
 *
 * @example
 * ```ts
 * import { DTypeError, tensor } from "flambeau";
 *
 * try {
 *   tensor([1n, 2n]).add_(0.5);
 * } catch (error) {
 *   if (error instanceof DTypeError) console.log(error.message);
 *   // add_: the result is float32 and cannot be stored in a tensor of int64; convert with .to("float32") first
 * }
 * ```
 */
export class DTypeError extends FlambeauError {
  override name: string = "DTypeError";
}

/**
 * An index, a dimension or a class label out of range, or of a form that cannot index.
 *
 * @example
 * ```ts
 * import { IndexError, tensor } from "flambeau";
 *
 * try {
 *   tensor([1, 2, 3]).at(5);
 * } catch (error) {
 *   if (error instanceof IndexError) console.log(error.message);
 *   // index 5 is out of range for dimension 0 of size 3
 * }
 * ```
 */
export class IndexError extends FlambeauError {
  override name: string = "IndexError";
}

/**
 * An argument whose type is right and whose value is not.
 *
 * @example
 * ```ts
 * import { nn, ValueError } from "flambeau";
 *
 * try {
 *   new nn.Dropout(1.5);
 * } catch (error) {
 *   if (error instanceof ValueError) console.log(error.message);
 *   // the probability of dropout lies between 0 and 1; got 1.5
 * }
 * ```
 */
export class ValueError extends FlambeauError {
  override name: string = "ValueError";
}

/**
 * A matrix for which there is no such result: a singular one has no inverse, one that is not positive-definite no Cholesky factor, one
 * with a nan no eigenvalues.
 *
 * @example
 * ```ts
 * import { linalg, zeros } from "flambeau";
 *
 * try {
 *   linalg.inv(zeros([2, 2]));
 * } catch (error) {
 *   if (error instanceof linalg.LinAlgError) console.log(error.message);
 *   // linalg.inv: The diagonal element 1 is zero, the inversion could not be completed because the input matrix is singular.
 * }
 * ```
 */
export class LinAlgError extends ValueError {
  override name: string = "LinAlgError";
}

/**
 * Arguments that do not fit a callable: an option that is unknown or given twice, an argument too many, one that is missing, or
 * one of the wrong kind.
 *
 * @example
 * ```ts
 * import { ArgumentError, ones } from "flambeau";
 *
 * try {
 *   ones([2]).sum({ keepdims: true } as {});
 * } catch (error) {
 *   if (error instanceof ArgumentError) console.log(error.message);
 *   // sum: unknown option "keepdims"; did you mean "keepdim"?
 * }
 * ```
 */
export class ArgumentError extends FlambeauError {
  override name: string = "ArgumentError";
}

/**
 * Tensors on different devices, a device that is not there, or memory that has been disposed.
 *
 * @example
 * ```ts
 * import { DeviceError, ones } from "flambeau";
 *
 * try {
 *   ones([2], { device: "tpu" });
 * } catch (error) {
 *   if (error instanceof DeviceError) console.log(error.message);
 *   // no device "tpu" is ready; ready are: cpu
 * }
 * ```
 */
export class DeviceError extends FlambeauError {
  override name: string = "DeviceError";
}

/**
 * A derivative that cannot be taken: no graph, no gradient given, or a saved tensor that was overwritten.
 *
 * @example
 * ```ts
 * import { AutogradError, tensor } from "flambeau";
 *
 * try {
 *   tensor([1, 2]).sum().backward();
 * } catch (error) {
 *   if (error instanceof AutogradError) console.log(error.message);
 *   // backward: this tensor does not depend on any that requires a gradient (set { requiresGrad: true } on a leaf, and check that no noGrad() or detach() is in the way)
 * }
 * ```
 */
export class AutogradError extends FlambeauError {
  override name: string = "AutogradError";
}
