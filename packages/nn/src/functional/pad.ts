import { formatShape, quote, ShapeError, ValueError } from "@flambeau/backend";
import { type Callable, cat, full, named, type Tensor, tensor, withOptions } from "@flambeau/tensor";

/** Options of `pad`. */
export interface PadOptions {
  /**
   * What is outside: "constant" (default) is `value`, "reflect" the inside mirrored at the edge's middle, "replicate" the
   * edge, "circular" the other side.
   */
  readonly mode?: "constant" | "reflect" | "replicate" | "circular";
  /** What a constant padding is made of. Default 0. */
  readonly value?: number;
}

const MODES: readonly string[] = ["constant", "reflect", "replicate", "circular"];

const PAD =
  "pad(input, pad: ints, mode: 'constant'|'reflect'|'replicate'|'circular' = 'constant', value?: number)";

/**
 * Elements added around a tensor: `[before, after]` of the last dimension, then of the one before it, and so on.
 * A negative number of them takes elements away.
 *
 * @throws ValueError when the paddings are not pairs of integers or the mode is unknown; ShapeError when there are
 *   more pairs than dimensions, more elements are taken away than there are, or a mode finds too few inside.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(String(F.pad(tensor([[1, 2, 3]]), [1, 2, 0, 1])));
 * // tensor([[0., 1., 2., 3., 0., 0.],
 * //         [0., 0., 0., 0., 0., 0.]])
 * console.log(String(F.pad(tensor([[1, 2, 3]]), [2, 1], { mode: "reflect" })));
 * // tensor([[3., 2., 1., 2., 3., 2.]])
 * ```
 */
export const pad: Callable<typeof PAD, Tensor, PadOptions> = withOptions<typeof PAD, 2, Tensor, PadOptions>(
  PAD,
  2,
  (x, padding, options) => {
    const { mode = "constant", value = 0 } = options;
    if (!MODES.includes(mode))
      throw new ValueError(`pad: the modes are ${MODES.join(", ")}; got ${quote(mode)}`);
    if (padding.length % 2 !== 0 || !padding.every(Number.isInteger))
      throw new ValueError(`pad takes pairs of integers, [before, after]; got ${formatShape(padding)}`);
    if (padding.length / 2 > x.ndim) {
      throw new ShapeError(
        `pad: ${padding.length / 2} pairs for the ${x.ndim} dimensions of shape ${formatShape(x.shape)}`,
      );
    }
    let out = x;
    for (let i = 0; i < padding.length; i += 2) {
      const [before, after] = [padding[i], padding[i + 1]];
      if (before === 0 && after === 0) continue;
      const dim = x.ndim - 1 - i / 2;
      const size = x.shape[dim];
      if (size + before + after < 0 || -before > size || -after > size)
        throw new ShapeError(
          `pad: [${before}, ${after}] takes more than the ${size} elements of dimension ${dim}`,
        );
      if (mode === "constant") out = constant(out, dim, before, after, value);
      else if (mode === "circular") out = around(cropped(out, dim, before, after), dim, before, after);
      else out = inside(out, dim, before, after, mode);
    }
    const name = {
      reflect: "ReflectionPad",
      replicate: "ReplicationPad",
      circular: null,
      constant: "ConstantPadNd",
    }[mode];
    if (out === x) out = x.clone();
    if (name === null) return out;
    return named(out, mode === "constant" ? name : `${name}${padding.length / 2}D`);
  },
);

/** What negative paddings leave. */
function cropped(x: Tensor, dim: number, before: number, after: number): Tensor {
  const [low, high] = [Math.min(before, 0), Math.min(after, 0)];
  return x.narrow(dim, -low, x.shape[dim] + low + high);
}

function constant(x: Tensor, dim: number, before: number, after: number, value: number): Tensor {
  const kept = cropped(x, dim, before, after);
  const block = (size: number): Tensor[] => {
    if (size <= 0) return [];
    const shape = x.shape.with(dim, size);
    return [full(shape, value, { dtype: x.dtype, device: x.device })];
  };
  return cat([...block(before), kept, ...block(after)], dim);
}

/** Paddings of a side made of the other, of what is left of a tensor. */
function around(x: Tensor, dim: number, before: number, after: number): Tensor {
  const size = x.shape[dim];
  const [left, right] = [Math.max(before, 0), Math.max(after, 0)];
  checkRoom("circular", size, size, dim, [before, after]);
  if (left + right === 0) return x.clone();
  return x.indexSelect(
    dim,
    positions(left + size + right, (i) => (i - left + size) % size, x),
  );
}

/** Paddings made of elements of the tensor: each position takes one of them. */
function inside(
  x: Tensor,
  dim: number,
  before: number,
  after: number,
  mode: "reflect" | "replicate",
): Tensor {
  const size = x.shape[dim];
  checkRoom(mode, mode === "reflect" ? size - 1 : size > 0 ? Infinity : 0, size, dim, [before, after]);
  const from = (i: number): number => {
    const at = i - before;
    if (at >= 0 && at < size) return at;
    if (mode === "replicate") return at < 0 ? 0 : size - 1;
    return at < 0 ? -at : 2 * (size - 1) - at;
  };
  return x.indexSelect(dim, positions(size + before + after, from, x));
}

function checkRoom(mode: string, most: number, size: number, dim: number, paddings: readonly number[]): void {
  if (paddings.every((padding) => padding <= most)) return;
  throw new ShapeError(
    `pad: "${mode}" has at most ${Math.max(most, 0)} elements to add on a side of dimension ${dim} of size ${size}; got ${formatShape(paddings)}`,
  );
}

function positions(count: number, from: (i: number) => number, like: Tensor): Tensor {
  const list = BigInt64Array.from({ length: count }, (_, i) => BigInt(from(i)));
  return tensor(list, { device: like.device });
}
