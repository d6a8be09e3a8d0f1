import { DTypeError, formatShape, isFloat, quote, ShapeError, ValueError } from "@flambeau/backend";
import type { Tensor, WindowAttrs } from "@flambeau/tensor";

/** A size along one dimension: 3 or [3]. */
export type Size1d = number | readonly [number];
/** A size along two dimensions: 3 for both, or [height, width]. */
export type Size2d = number | readonly [number, number];

/** A size along three dimensions: 3 for all, or [depth, height, width]. */
export type Size3d = number | readonly [number, number, number];

const SIZE_FORMS: readonly string[] = [
  ...["an integer", "an integer", "an integer or [height, width]"],
  "an integer or [depth, height, width]",
];

/** A size for `n` dimensions, each at least `least`. */
export function sizes(
  what: string,
  name: string,
  size: number | readonly number[],
  n: number,
  least: number,
): number[] {
  // PyTorch takes one number in a list for all of them.
  const one = typeof size === "number" ? size : size.length === 1 ? size[0] : undefined;
  const all = one === undefined ? [...(size as readonly number[])] : new Array<number>(n).fill(one);
  if (all.length !== n || !all.every((s) => Number.isInteger(s) && s >= least)) {
    throw new ValueError(`${what}: ${name} is ${SIZE_FORMS[n]} from ${least}; got ${quote(size)}`);
  }
  return all;
}

/** How windows of `n` dimensions lie, as given and checked; each with `n` sizes. */
export interface Layout {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  /** Before the plane. */
  readonly before: readonly number[];
  /** Behind it. */
  readonly after: readonly number[];
  readonly dilation: readonly number[];
}

/** Images of two dimensions with a batch, and the way back to what they were made of. */
export interface Planes {
  /** `[n, c, h, w]`. */
  readonly x: Tensor;
  /** A result `[n, ...]` in the input's number of dimensions. */
  restore(y: Tensor): Tensor;
}

/** The dtypes that an op on planes takes besides floats. */
export type WholeDTypes = "no integers" | "int64" | "integers";

/**
 * Refuses what is no float, nor one of `whole`.
 *
 * @throws DTypeError
 */
export function checkWhole(what: string, x: Tensor, whole: WholeDTypes = "no integers"): void {
  const isWhole = whole === "integers" ? x.dtype !== "bool" : x.dtype === whole;
  if (isFloat(x.dtype) || isWhole) return;
  const besides = whole === "no integers" ? "" : ` and ${whole}`;
  throw new DTypeError(`${what} takes floats${besides}; got ${x.dtype}`);
}

/**
 * An input of `n` dimensions, with or without a batch, as images of two.
 *
 * @throws ShapeError when it has another number of dimensions; DTypeError when it is no float, nor one of `whole`.
 */
export function toPlanes(what: string, x: Tensor, n: 1 | 2, whole?: WholeDTypes): Planes {
  checkWhole(what, x, whole);
  if (x.ndim !== n + 1 && x.ndim !== n + 2) {
    const sizes = n === 1 ? "length" : "height, width";
    throw new ShapeError(
      `${what} takes an input [batch, channels, ${sizes}] or, without a batch, [channels, ${sizes}]; got shape ${formatShape(x.shape)}`,
    );
  }
  const batched = x.ndim === n + 2;
  const wide = n === 2 ? x : x.unsqueeze(-2);
  const restore = (y: Tensor): Tensor => {
    const flat = n === 2 ? y : y.squeeze(-2);
    return batched ? flat : flat.squeeze(0);
  };
  return { x: batched ? wide : wide.unsqueeze(0), restore };
}

/**
 * How many windows fit along a dimension. Source of the rule for `ceil`: PyTorch 1.13, aten/src/ATen/native/Pool.h.
 */
export function positionsAlong(size: number, layout: Layout, axis: number, ceil: boolean): number {
  const [stride, before] = [layout.stride[axis], layout.before[axis]];
  const reach = layout.dilation[axis] * (layout.kernel[axis] - 1) + 1;
  // Less than nothing where the kernel is larger than all there is; in ceil mode one window may still begin.
  const rest = size + before + layout.after[axis] - reach;
  const count = Math.floor((rest + (ceil ? stride - 1 : 0)) / stride) + 1;
  // The last window begins within the plane or the padding before it.
  return ceil && (count - 1) * stride >= size + before ? count - 1 : count;
}

/** Of each window along an axis of a layout, how many elements lie in the input, and how many in the input or its padding. */
export function elementsAlong(
  size: number,
  count: number,
  layout: Layout,
  axis: number,
  padded: boolean,
): number[] {
  return Array.from({ length: count }, (_, i) => {
    const start = i * layout.stride[axis] - layout.before[axis];
    const end = Math.min(start + layout.kernel[axis], size + layout.after[axis]);
    return padded ? end - start : Math.min(end, size) - Math.max(start, 0);
  });
}

function two(values: readonly number[], fill: number): readonly [number, number] {
  return values.length === 2 ? [values[0], values[1]] : [fill, values[0]];
}

/**
 * Windows on images `[n, c, h, w]`; those of one dimension lie on images of height one.
 *
 * @throws ShapeError when the padded image is smaller than a window.
 */
export function windowsOn(what: string, x: Tensor, layout: Layout, ceil: boolean): WindowAttrs {
  const n = layout.kernel.length;
  const plane = x.shape.slice(2);
  const own = plane.slice(2 - n);
  const counts = own.map((size, i) => positionsAlong(size, layout, i, ceil));
  if (counts.some((count) => count < 1)) {
    const padded = own.map((size, i) => size + layout.before[i] + layout.after[i]);
    const reach = layout.kernel.map((k, i) => layout.dilation[i] * (k - 1) + 1);
    const dilated = layout.dilation.some((d) => d > 1) ? `, dilated to ${formatShape(reach)},` : "";
    throw new ShapeError(
      `${what}: a kernel of size ${formatShape(layout.kernel)}${dilated} is larger than the input of size ${formatShape(own)}, padded to ${formatShape(padded)}`,
    );
  }
  return {
    windows: {
      kernel: two(layout.kernel, 1),
      stride: two(layout.stride, 1),
      padding: two(layout.before, 0),
      dilation: two(layout.dilation, 1),
    },
    plane: [plane[0], plane[1]],
    positions: two(counts, 1),
  };
}
