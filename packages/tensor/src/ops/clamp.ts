/**
 * The larger, the smaller, and bounds.
 *
 * @module
 */
import { E, ValueError } from "@flambeau/backend";
import { applyElementwise, applyInPlace } from "../dispatch/elementwise.ts";
import {
  type BinaryOp,
  binaryOp,
  type Elementwise,
  type ElementwiseOp,
  elementwise,
  type TernaryOp,
  ternaryOp,
} from "../elementwise.ts";
import { named } from "../recorder.ts";
import { type Operand, Tensor } from "../tensor.ts";
import { heldBounds } from "./refusals.ts";

/**
 * The larger of two elements; nan if either is.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { maximum, tensor } from "@flambeau/tensor";
 *
 * console.log(String(maximum(tensor([1, 5]), tensor([3, 2]))));
 * // tensor([3., 5.])
 * ```
 */
export const maximum: BinaryOp = binaryOp("maximum", (a, b) => E.max(a, b));

/**
 * The smaller of two elements; nan if either is.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { minimum, tensor } from "@flambeau/tensor";
 *
 * console.log(String(minimum(tensor([1, 5]), tensor([3, 2]))));
 * // tensor([1., 2.])
 * ```
 */
export const minimum: BinaryOp = binaryOp("minimum", (a, b) => E.min(a, b));

/** An op of an element and its bound, which has a name of its own. */
function bounded<S extends string>(signature: S, { op }: BinaryOp): ElementwiseOp<S> {
  const run = (x: Operand, bound: Operand): Tensor => applyElementwise(op, [x, bound]);
  const inPlace = (x: Tensor, bound: Operand): Tensor => applyInPlace(op, [x, bound]);
  return elementwise(signature, op, run as never, inPlace as never);
}

const CLAMP_MIN = "clampMin(input: operand, min: operand)";

/**
 * Elements below `min` become `min`.
 *
 * @throws ShapeError when the shapes do not broadcast; ValueError when an integer dtype cannot hold the bound.
 *
 * @example
 * ```ts
 * import { clampMin, tensor } from "@flambeau/tensor";
 *
 * console.log(String(clampMin(tensor([-1, 2]), 0)));
 * // tensor([0., 2.])
 * ```
 */
export const clampMin: ElementwiseOp<typeof CLAMP_MIN> = bounded(
  CLAMP_MIN,
  binaryOp("clampMin", (x, min) => E.max(x, min), heldBounds),
);

const CLAMP_MAX = "clampMax(input: operand, max: operand)";

/**
 * Elements above `max` become `max`.
 *
 * @throws ShapeError when the shapes do not broadcast; ValueError when an integer dtype cannot hold the bound.
 *
 * @example
 * ```ts
 * import { clampMax, tensor } from "@flambeau/tensor";
 *
 * console.log(String(clampMax(tensor([-1, 2]), 0)));
 * // tensor([-1.,  0.])
 * ```
 */
export const clampMax: ElementwiseOp<typeof CLAMP_MAX> = bounded(
  CLAMP_MAX,
  binaryOp("clampMax", (x, max) => E.min(x, max), heldBounds),
);

const clampBoth: TernaryOp = ternaryOp("clamp", (x, min, max) => E.min(E.max(x, min), max), heldBounds);

const CLAMP = "clamp(input: operand, min?: operand, max?: operand)";

/** The op that clamps to the bounds there are, and its operands. */
function clampTo(x: Operand, low: Operand | undefined, high: Operand | undefined): [Elementwise, Operand[]] {
  if (low !== undefined && high !== undefined) return [clampBoth.op, [x, low, high]];
  if (low !== undefined) return [clampMin.op, [x, low]];
  if (high !== undefined) return [clampMax.op, [x, high]];
  throw new ValueError("clamp needs at least one of min and max");
}

/**
 * Elements below `min` become `min`, those above `max` become `max`: `x.clamp(0, 1)`, `x.clamp({ min: 0 })`. The bounds
 * are numbers or tensors that broadcast; where they cross, `max` wins. nan stays nan.
 *
 * @throws ValueError when neither bound is given, or an integer dtype cannot hold one; ShapeError when the shapes do not
 *   broadcast.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([-2, 0.5, 3]).clamp(0, 1)));
 * // tensor([0.0000, 0.5000, 1.0000])
 * console.log(String(tensor([-2, 0.5, 3]).clamp({ max: 1 })));
 * // tensor([-2.0000,  0.5000,  1.0000])
 * ```
 */
export const clamp: ElementwiseOp<typeof CLAMP> = elementwise(
  CLAMP,
  clampBoth.op,
  (x, min, max) => {
    const [op, operands] = clampTo(x, min, max);
    const out = applyElementwise(op, operands);
    // With one bound PyTorch's node is not that of clampMin or clampMax.
    return op === clampBoth.op ? out : named(out, `ClampBackward${operands[1] instanceof Tensor ? 0 : 1}`);
  },
  (x, min, max) => applyInPlace(...clampTo(x, min, max)),
);
