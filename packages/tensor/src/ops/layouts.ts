/**
 * The view ops as they are recorded, of layouts that have been worked out.
 *
 * @module
 * @internal
 */
import type { Shape } from "@flambeau/backend";
import { defineView } from "../dispatch/op.ts";
import { runView } from "../dispatch/run.ts";
import type { Tensor } from "../tensor.ts";

const reshapeOp = defineView("reshape", (x, { shape, strides }) => x.withLayout(shape, strides));

/** The elements in the same order in another shape, whose strides the caller has found. */
export function reshaped(x: Tensor, shape: Shape, strides: Shape): Tensor {
  return runView(reshapeOp, x, { shape, strides });
}

/** A view of all elements as they are. */
export function alias(x: Tensor): Tensor {
  return reshaped(x, x.shape, x.strides);
}

const permuteOp = defineView("permute", (x, { dims }) =>
  x.withLayout(
    dims.map((d) => x.shape[d]),
    dims.map((d) => x.strides[d]),
  ),
);

/** The dimensions in an order that names each once. */
export function permuted(x: Tensor, dims: readonly number[]): Tensor {
  return runView(permuteOp, x, { dims });
}

const expandOp = defineView("expand", (x, { shape }) => {
  const lead = shape.length - x.ndim;
  const strides = shape.map((size, i) =>
    i < lead || (x.shape[i - lead] === 1 && size !== 1) ? 0 : x.strides[i - lead],
  );
  return x.withLayout(shape, strides);
});

/** Dimensions of size one stretched to a shape that they fit. */
export function stretched(x: Tensor, shape: Shape): Tensor {
  return runView(expandOp, x, { shape });
}

const stridedOp = defineView("asStrided", (x, { shape, strides, offset }) =>
  x.withLayout(shape, strides, offset),
);

/** A view of the storage that reaches no further than it. */
export function strided(x: Tensor, shape: Shape, strides: Shape, offset: number): Tensor {
  return runView(stridedOp, x, { shape, strides, offset });
}
