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
  override name: string = "FlambeauError";
}

/** Shapes that do not fit: ragged nesting, shapes that do not broadcast or multiply, a bad reshape. */
export class ShapeError extends FlambeauError {
  override name: string = "ShapeError";
}

/** A data type that is unknown, or that the operation or the device does not take. */
export class DTypeError extends FlambeauError {
  override name: string = "DTypeError";
}

/** An index, a dimension or a class label out of range, or of a form that cannot index. */
export class IndexError extends FlambeauError {
  override name: string = "IndexError";
}

/** An argument whose type is right and whose value is not. */
export class ValueError extends FlambeauError {
  override name: string = "ValueError";
}

/** Tensors on different devices, a device that is not there, or memory that has been disposed. */
export class DeviceError extends FlambeauError {
  override name: string = "DeviceError";
}

/** A derivative that cannot be taken: no graph, no gradient given, or a saved tensor that was overwritten. */
export class AutogradError extends FlambeauError {
  override name: string = "AutogradError";
}
