/**
 * A box of a tensor's elements, and its adjoint.
 *
 * @module
 * @internal
 */
import type { Shape } from "@flambeau/backend";
import { defineOp, defineView } from "../dispatch/op.ts";
import { runOp, runView } from "../dispatch/run.ts";
import { Tensor } from "../tensor.ts";
import { copyInto, fillInto } from "./elements.ts";
import type { SliceAttrs } from "./names.ts";

const sliceOp = defineView("slice", (x, { starts, steps, sizes }) => {
  let offset = x.offset;
  const strides = new Array<number>(x.ndim);
  for (let d = 0; d < x.ndim; d++) {
    offset += starts[d] * x.strides[d];
    strides[d] = x.strides[d] * steps[d];
  }
  return x.withLayout(sizes, strides, offset);
});

/**
 * The box of elements that `attrs` describes; the same number of dimensions.
 *
 * @internal
 */
export function slice(x: Tensor, attrs: SliceAttrs): Tensor {
  return runView(sliceOp, x, attrs);
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

const unsliceOp = defineOp("unslice", {
  shape: (_, { shape }) => shape,
  run: ([x], { starts, steps, sizes }, out) => {
    fillInto(out, 0);
    let offset = 0;
    const strides = new Array<number>(out.ndim);
    for (let i = 0; i < out.ndim; i++) {
      offset += starts[i] * out.strides[i];
      strides[i] = out.strides[i] * steps[i];
    }
    copyInto(new Tensor(out.storage, sizes, strides, offset), x);
  },
});

/**
 * For the derivative of slice: zeros of a shape with `x` in the box.
 *
 * @internal
 */
export function unslice(x: Tensor, attrs: SliceAttrs & { readonly shape: Shape }): Tensor {
  return runOp(unsliceOp, [x], attrs);
}
