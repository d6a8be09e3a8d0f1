/**
 * Windows on the planes of images, for layers. Sizes are the caller's to check.
 *
 * @module
 * @internal
 */
import type { Windows } from "@flambeau/backend";
import { provideWindows } from "@flambeau/cpu-backend";
import { defineOp, type Op } from "../dispatch/op.ts";
import { runOp } from "../dispatch/run.ts";
import { Tensor } from "../tensor.ts";
import type { WindowAttrs } from "./names.ts";

const unfoldOp = defineOp("unfold", {
  shape: ([x], { windows, positions }) => [x.shape[0], x.shape[1], ...windows.kernel, ...positions],
  run: ([x], { windows }, out) => out.storage.backend.unfold(x, windows, out),
});

const foldOp = defineOp("fold", {
  shape: ([x], { plane }) => [x.shape[0], x.shape[1], ...plane],
  run: ([x], { windows }, out) => out.storage.backend.fold(x, windows, out),
});

/**
 * Every window's elements, zero beside the planes: x `[n, c, ...plane]` to
 * `[n, c, ...windows.kernel, ...positions]`. Also called im2col.
 */
export function unfold(x: Tensor, attrs: WindowAttrs): Tensor {
  provideWindows();
  return runOp(unfoldOp, [x], attrs);
}

/** The adjoint of `unfold`: elements of windows added up where they lie. Also called col2im. */
export function fold(x: Tensor, attrs: WindowAttrs): Tensor {
  provideWindows();
  return runOp(foldOp, [x], attrs);
}

/** The gather whose kernel finds the indices too: of x `[n, c, height * width]`, values and index `[n, c, positions]`. */
const maxPoolOp = (attrs: WindowAttrs): Op<"gather"> =>
  defineOp("gather", {
    shape: (_, { index }) => index.shape,
    run: ([flat], { index }, out) => {
      const [n, c] = flat.shape;
      const [height, width] = attrs.plane;
      const [rows, columns] = attrs.positions;
      const [row, column] = [flat.strides[2] * width, flat.strides[2]];
      const planes = flat.withLayout([n, c, height, width], [flat.strides[0], flat.strides[1], row, column]);
      const shape = [n, c, rows, columns];
      const strides = [c * rows * columns, rows * columns, columns, 1];
      const [values, indices] = [out, index].map((x) => new Tensor(x.storage, shape, strides));
      out.storage.backend.maxPool(planes, attrs.windows, values, indices);
    },
  });

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
  const shape = [n, c, rows, columns];
  const index = Tensor.empty(backend, [n, c, rows * columns], "int32");
  const values = runOp(maxPoolOp(attrs), [flat], { dim: 2, index });
  return { values: values.reshape(shape), indices: index.reshape(shape) };
}

/** Windows of one element each, next to each other: their elements are the plane. */
export function areElements({ kernel, stride, padding }: Windows): boolean {
  return [...kernel, ...stride].every((size) => size === 1) && padding[0] === 0 && padding[1] === 0;
}
