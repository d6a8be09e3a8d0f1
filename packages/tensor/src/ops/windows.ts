/**
 * Windows on the planes of images, for layers. Sizes are the caller's to check.
 *
 * @module
 * @internal
 */
import type { Windows } from "@flambeau/backend";
import { provideWindows } from "@flambeau/cpu-backend";
import { record } from "../recorder.ts";
import { Tensor } from "../tensor.ts";
import type { WindowAttrs } from "./names.ts";

/**
 * Every window's elements, zero beside the planes: x `[n, c, ...plane]` to
 * `[n, c, ...windows.kernel, ...positions]`. Also called im2col.
 */
export function unfold(x: Tensor, attrs: WindowAttrs): Tensor {
  const { backend } = x.storage;
  provideWindows();
  const out = Tensor.empty(backend, columnShape(x, attrs), x.dtype);
  backend.unfold(x, attrs.windows, out);
  return record("unfold", [x], attrs, out);
}

/** The adjoint of `unfold`: elements of windows added up where they lie. Also called col2im. */
export function fold(x: Tensor, attrs: WindowAttrs): Tensor {
  const { backend } = x.storage;
  provideWindows();
  const out = Tensor.empty(backend, [x.shape[0], x.shape[1], ...attrs.plane], x.dtype);
  backend.fold(x, attrs.windows, out);
  return record("fold", [x], attrs, out);
}

function columnShape(x: Tensor, { windows, positions }: WindowAttrs): number[] {
  return [x.shape[0], x.shape[1], ...windows.kernel, ...positions];
}

/**
 * The largest element of every window, `[n, c, ...positions]`, and its index in its plane (int32).
 *
 * What it records is the gather of these elements, whose derivative is all there is to it.
 */
export function maxPool(
  x: Tensor,
  attrs: WindowAttrs,
): { readonly values: Tensor; readonly indices: Tensor } {
  const { backend } = x.storage;
  provideWindows();
  const [n, c] = x.shape;
  const [height, width] = attrs.plane;
  const [rows, columns] = attrs.positions;
  const flat = x.reshape([n, c, height * width]);
  const out = Tensor.empty(backend, [n, c, rows * columns], x.dtype);
  const index = Tensor.empty(backend, out.shape, "int32");
  const [row, column] = [flat.strides[2] * width, flat.strides[2]];
  const planes = flat.withLayout([n, c, height, width], [flat.strides[0], flat.strides[1], row, column]);
  const shape = [n, c, rows, columns];
  const strides = [c * rows * columns, rows * columns, columns, 1];
  backend.maxPool(planes, attrs.windows, out.withLayout(shape, strides), index.withLayout(shape, strides));
  const values = record("gather", [flat], { dim: 2, index }, out);
  return { values: values.reshape(shape), indices: index.reshape(shape) };
}

/** Windows of one element each, next to each other: their elements are the plane. */
export function areElements({ kernel, stride, padding }: Windows): boolean {
  return [...kernel, ...stride].every((size) => size === 1) && padding[0] === 0 && padding[1] === 0;
}
