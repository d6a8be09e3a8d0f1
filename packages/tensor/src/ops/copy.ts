/**
 * Copies, and elements overwritten in place.
 *
 * @module
 */
import { broadcastShapes, formatShape, ShapeError, sameShape } from "@flambeau/backend";
import { callable } from "../call/callable.ts";
import type { Callable } from "../call/signature.ts";
import { commonBackend } from "../dispatch/devices.ts";
import { defineOp, shapeOfFirst } from "../dispatch/op.ts";
import { overlaps, refuseOverlap } from "../dispatch/overlap.ts";
import { runOp, runWrite } from "../dispatch/run.ts";
import { Tensor } from "../tensor.ts";
import { copyInto, fillInto } from "./elements.ts";

const cloneOp = defineOp("clone", {
  shape: shapeOfFirst,
  run: ([x], _, out) => copyInto(out, x),
});

const CLONE = "clone(input)";

/**
 * A copy in fresh memory, contiguous.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * const x = tensor([1, 2]);
 * const y = x.clone();
 * y.fill_(0);
 * console.log(String(x));
 * // tensor([1., 2.])
 * ```
 */
export const clone: Callable<typeof CLONE, Tensor> = callable(CLONE, (x) => {
  return runOp(cloneOp, [x], undefined);
});

const CONTIGUOUS = "contiguous(input)";

/**
 * The tensor itself if it is contiguous, else a contiguous copy.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(tensor([[1, 2], [3, 4]]).T.contiguous().stride());
 * // [ 2, 1 ]
 * ```
 */
export const contiguous: Callable<typeof CONTIGUOUS, Tensor> = callable(CONTIGUOUS, (x) => {
  return x.isContiguous() ? x : clone(x);
});

const COPY_INPLACE = "copy_(input, src)";

/**
 * Overwrites the tensor with another's elements, broadcast and converted.
 *
 * @throws ShapeError when they do not broadcast to this shape; DeviceError when they are on another device.
 *
 * @example
 * ```ts
 * import { tensor, zeros } from "@flambeau/tensor";
 *
 * console.log(String(zeros([2, 2]).copy_(tensor([1, 2]))));
 * // tensor([[1., 2.],
 * //         [1., 2.]])
 * ```
 */
export const copy_: Callable<typeof COPY_INPLACE, Tensor> = callable(COPY_INPLACE, (x, source) => {
  commonBackend("copy_", [x, source]);
  checkFits("copy_", source, x);
  refuseOverlap("copy_", x);
  const from = overlaps(source, x) ? clone(source.detach()) : source;
  return runWrite("copy", [x, source], undefined, x, () => copyInto(x, from));
});

const FILL_INPLACE = "fill_(input, value: operand)";

/**
 * Overwrites every element with one value, a scalar or a 0-d tensor.
 *
 * @throws ShapeError when a tensor has dimensions; ValueError when an integer dtype cannot hold the value (nan, 2^40).
 *
 * @example
 * ```ts
 * import { zeros } from "@flambeau/tensor";
 *
 * console.log(String(zeros([3]).fill_(7)));
 * // tensor([7., 7., 7.])
 * ```
 */
export const fill_: Callable<typeof FILL_INPLACE, Tensor> = callable(FILL_INPLACE, (x, value) => {
  refuseOverlap("fill_", x);
  if (value instanceof Tensor) {
    if (value.ndim > 0)
      throw new ShapeError(`fill_ takes one value; got a tensor of shape ${formatShape(value.shape)}`);
    return copy_(x, value);
  }
  return runWrite("fill", [x, value], undefined, x, () => fillInto(x, value));
});

const ZERO_INPLACE = "zero_(input)";

/**
 * Overwrites every element with zero.
 *
 * @throws ShapeError when elements share memory (an expanded tensor).
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([1, 2]).zero_()));
 * // tensor([0., 0.])
 * ```
 */
export const zero_: Callable<typeof ZERO_INPLACE, Tensor> = callable(ZERO_INPLACE, (x) => {
  return fill_(x, 0);
});

const MASKED_FILL_INPLACE = "maskedFill_(input, mask, value: operand)";

/**
 * Overwrites elements where the mask is true.
 *
 * @throws ShapeError when the mask does not broadcast to this shape; DTypeError when it is no bool tensor.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * const x = tensor([1, -2, 3]);
 * console.log(String(x.maskedFill_(x.lt(0), 0)));
 * // tensor([1., 0., 3.])
 * ```
 */
export const maskedFill_: Callable<typeof MASKED_FILL_INPLACE, Tensor> = callable(
  MASKED_FILL_INPLACE,
  (x, mask, value) => {
    return copy_(x, x.maskedFill(mask, value));
  },
);

function checkFits(what: string, source: Tensor, target: Tensor): void {
  let fits = false;
  try {
    fits = sameShape(broadcastShapes(source.shape, target.shape), target.shape);
  } catch {
    // Shapes that do not broadcast at all do not fit either; the message below says both shapes.
  }
  if (!fits) {
    throw new ShapeError(
      `${what}: a tensor of shape ${formatShape(source.shape)} does not fit into one of shape ${formatShape(target.shape)}`,
    );
  }
}
