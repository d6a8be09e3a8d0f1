/** Quantiles, for whichever elements count. */
import {
  DTypeError,
  formatShape,
  IndexError,
  isFloat,
  normalizeDim,
  quote,
  ShapeError,
  ValueError,
} from "@flambeau/backend";
import { fullLike } from "../creation.ts";
import { commonBackend } from "../dispatch/devices.ts";
import { Tensor } from "../tensor.ts";
import { tensor } from "../values.ts";
import { sub } from "./arithmetic.ts";
import { lerp } from "./combine.ts";
import { gather } from "./gather.ts";
import { itemSync } from "./reading.ts";
import { all } from "./reduce.ts";
import { ceil, floor, round } from "./rounding.ts";
import { isReadable } from "./unreadable.ts";

export type Interpolation = "linear" | "lower" | "higher" | "midpoint" | "nearest";

/** How far from the element below a rank to the one above it the quantile lies; of the others, the whole rank they choose. */
const BETWEEN: Readonly<Record<"linear" | "midpoint", (rank: Tensor) => Tensor>> = {
  linear: (rank) => sub(rank, floor(rank.detach())),
  midpoint: (rank) => fullLike(rank, 0.5),
};
const CHOSEN: Readonly<Record<Exclude<Interpolation, keyof typeof BETWEEN>, (rank: Tensor) => Tensor>> = {
  lower: floor,
  higher: ceil,
  nearest: round,
};

/** The parts of the elements to lie below: a scalar or a vector of the tensor's dtype, on its device. */
function partsOf(what: string, x: Tensor, q: number | readonly number[] | Tensor): Tensor {
  if (!(q instanceof Tensor)) {
    const bad = [q].flat().find((part) => !(part >= 0 && part <= 1));
    if (bad !== undefined) throw new ValueError(`${what}: q lies between 0 and 1; got ${quote(bad)}`);
    return tensor(q, { dtype: x.dtype, device: x.device });
  }
  commonBackend(what, [x, q]);
  if (q.ndim > 1)
    throw new ShapeError(`${what}: q is a number or a vector; got shape ${formatShape(q.shape)}`);
  if (q.dtype !== x.dtype)
    throw new DTypeError(`${what}: the tensor is ${x.dtype} and q ${q.dtype}; convert one with .to()`);
  const within = q.detach().ge(0).logicalAnd(q.detach().le(1));
  if (isReadable(x.storage.backend) && !itemSync<boolean>(all(within)))
    throw new ValueError(`${what}: q lies between 0 and 1, and an element of it does not`);
  return q;
}

/**
 * The quantiles of the elements that `ranksOf` counts: it gets them in order along the last dimension (nan last), and the parts, and
 * gives ranks, which need not be whole, in the elements' dtype.
 *
 * @internal
 */
export function quantileOf(
  what: string,
  x: Tensor,
  q: number | readonly number[] | Tensor,
  dim: number | undefined,
  keepdim: boolean,
  interpolation: Interpolation,
  ranksOf: (sorted: Tensor, parts: Tensor) => Tensor,
): Tensor {
  if (!isFloat(x.dtype)) throw new DTypeError(`${what} needs floats; got ${x.dtype}`);
  const whole = dim === undefined || dim === null;
  const d = whole ? 0 : normalizeDim(dim, x.ndim);
  if (x.numel() === 0)
    throw new IndexError(`${what}: there is no element; the shape is ${formatShape(x.shape)}`);
  const parts = partsOf(what, x, q);
  const sorted = (whole || x.ndim === 0 ? x.reshape([-1]) : x.movedim(d, -1)).sort(-1).values;
  const found = between(sorted, ranksOf(sorted, parts.reshape([-1])), interpolation);
  // Without the reduced dimension, which had the parts along it, or with it, of size one; the parts come first.
  const reduced = whole ? x.shape.map(() => 1) : x.shape.map((size, i) => (i === d ? 1 : size));
  const shape = keepdim ? reduced : whole ? [] : reduced.filter((_, i) => i !== d);
  return found.movedim(-1, 0).reshape([...parts.shape, ...shape]);
}

/** The elements at ranks, which need not be whole. */
function between(sorted: Tensor, ranks: Tensor, interpolation: Interpolation): Tensor {
  const at = (whole: Tensor): Tensor => gather(sorted, -1, whole.detach().long());
  if (interpolation === "linear" || interpolation === "midpoint")
    return lerp(at(floor(ranks)), at(ceil(ranks)), BETWEEN[interpolation](ranks));
  return at(CHOSEN[interpolation](ranks));
}
