/**
 * A box of a tensor's elements, and its adjoint.
 *
 * @module
 * @internal
 */
import type { Shape } from "@flambeau/backend";
import { record } from "../recorder.ts";
import { Tensor } from "../tensor.ts";
import { copyInto, fillInto } from "./elements.ts";
import type { SliceAttrs } from "./names.ts";

/**
 * The box of elements that `attrs` describes; the same number of dimensions.
 *
 * @internal
 */
export function slice(x: Tensor, attrs: SliceAttrs): Tensor {
  let offset = x.offset;
  const strides = new Array<number>(x.ndim);
  for (let d = 0; d < x.ndim; d++) {
    offset += attrs.starts[d] * x.strides[d];
    strides[d] = x.strides[d] * attrs.steps[d];
  }
  return record("slice", [x], attrs, x.withLayout(attrs.sizes, strides, offset));
}

/**
 * `slice` along one dimension.
 *
 * @internal
 */
export function sliceDim(x: Tensor, dim: number, start: number, size: number, step = 1): Tensor {
  const starts = new Array<number>(x.ndim).fill(0);
  const steps = new Array<number>(x.ndim).fill(1);
  const sizes = x.shape.slice();
  starts[dim] = start;
  steps[dim] = step;
  sizes[dim] = size;
  return slice(x, { starts, steps, sizes });
}

/**
 * For the derivative of slice: zeros of a shape with `x` in the box.
 *
 * @internal
 */
export function unslice(x: Tensor, attrs: SliceAttrs & { readonly shape: Shape }): Tensor {
  const out = Tensor.empty(x.storage.backend, attrs.shape, x.dtype);
  fillInto(out, 0);
  let offset = 0;
  const strides = new Array<number>(out.ndim);
  for (let i = 0; i < out.ndim; i++) {
    offset += attrs.starts[i] * out.strides[i];
    strides[i] = out.strides[i] * attrs.steps[i];
  }
  copyInto(new Tensor(out.storage, attrs.sizes, strides, offset), x);
  return record("unslice", [x], attrs, out);
}
