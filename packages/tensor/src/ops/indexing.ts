/**
 * Python's and NumPy's indexing: `x.at(0)`, `x.at(":", 0)`, `x.at("1:3", "...", null)`, `x.at(mask)`, `x.at(indices)`.
 *
 * @module
 */
import {
  broadcastShapes,
  DTypeError,
  formatShape,
  IndexError,
  numel,
  ShapeError,
  sameShape,
  wordsOf,
} from "@flambeau/backend";
import { callable } from "../call/callable.ts";
import type { Callable } from "../call/signature.ts";
import { checkTensor } from "../describe.ts";
import { observedCall, observesCalls } from "../dispatch/observe.ts";
import { refuseOverlap } from "../dispatch/overlap.ts";
import { peek } from "../peek.ts";
import { named } from "../recorder.ts";
import { type Operand, type Scalar, Tensor } from "../tensor.ts";
import { positionOf } from "./check-index.ts";
import { copy_ } from "./copy.ts";
import { fillInto } from "./elements.ts";
import { gather, scatter } from "./gather.ts";
import {
  type Index,
  isMask,
  MASKED,
  maskOfBytes,
  type Parsed,
  parse,
  placed,
  width,
} from "./index-expression.ts";
import { alias } from "./layouts.ts";
import { positions } from "./positions.ts";
import { slice } from "./slice.ts";
import { isReadable, needsElements } from "./unreadable.ts";
import { squeeze } from "./views.ts";
import { where } from "./where.ts";

/** The view an index gives: the box, without dropped dimensions and with new ones. Lookups are left as dimensions. */
function viewOf(x: Tensor, p: Parsed): { view: Tensor; lookups: { dim: number; index: Tensor }[] } {
  let view = x;
  const partial = p.sizes.some((size, i) => size !== x.shape[i]);
  if (partial || p.steps.some((s) => s !== 1)) view = slice(x, p);
  if (p.dropped.length > 0) view = squeeze(view, p.dropped);
  const lookups: { dim: number; index: Tensor }[] = [];
  for (let i = 0; i < p.layout.length; i++) {
    const entry = p.layout[i];
    if (entry === "new" || p.scalarMasks.includes(entry as Tensor)) view = view.unsqueeze(i);
    if (entry instanceof Tensor) lookups.push({ dim: i, index: entry });
  }
  // Even an index that selects everything gives a view of its own, as in PyTorch.
  if (view === x) view = alias(x);
  return { view, lookups };
}

/** Positions along the looked-up dimensions as one int64 vector, and where those dimensions go in the result. */
function joinLookups(
  x: Tensor,
  lookups: readonly { dim: number; index: Tensor }[],
): { order: number[]; count: number; shape: readonly number[]; position: number; linear: Tensor } {
  let linear: Tensor | null = null;
  let count = 1;
  for (const { dim, index } of lookups) {
    const size = x.shape[dim];
    const positions = wrapNegative(index, size, dim).to({ device: x.device });
    linear = linear === null ? positions : linear.mul(BigInt(size)).add(positions);
    count *= size;
  }
  const dims = lookups.map((l) => l.dim);
  const rest = Array.from(x.shape, (_, i) => i).filter((i) => !dims.includes(i));
  // Lookups side by side stay in their place, lookups apart go to the front: NumPy's rule.
  const adjacent = dims.every((d, i) => i === 0 || d === dims[i - 1] + 1);
  const joined = linear as Tensor;
  return {
    order: [...dims, ...rest],
    count,
    shape: joined.shape,
    position: adjacent ? dims[0] : 0,
    linear: joined,
  };
}

function wrapNegative(index: Tensor, size: number, dim: number): Tensor {
  const long = index.detach().long();
  // Elsewhere the lookup finds what is out of range, and the next read tells.
  if (isReadable(long.storage.backend)) {
    const [low, high] = endsOf(long);
    for (const end of [low, high]) if (low <= high) positionOf(end, dim, size);
    if (low >= 0) return long;
  }
  return long.add(long.lt(0n).long().mul(BigInt(size)));
}

/** The least and the greatest of int64 elements, beyond 2^53 about; of none infinity and its opposite. */
function endsOf(long: Tensor): [low: number, high: number] {
  const words = wordsOf(peek(long) as BigInt64Array);
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < words.length; i += 2) {
    const value = words[i + 1] * 2 ** 32 + (words[i] >>> 0);
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

function lookUp(x: Tensor, lookups: readonly { dim: number; index: Tensor }[]): Tensor {
  const { order, count, shape, position, linear } = joinLookups(x, lookups);
  const rest = order.slice(lookups.length).map((d) => x.shape[d]);
  const width = numel(rest);
  const rows = x.permute(order).reshape([count, width]);
  const index = linear.reshape([linear.numel(), 1]).expand([linear.numel(), width]);
  const picked = gather(rows, 0, index).reshape([...shape, ...rest]);
  if (position === 0) return picked;
  const from = shape.length;
  const front = Array.from({ length: position }, (_, i) => from + i);
  const middle = Array.from({ length: from }, (_, i) => i);
  const back = Array.from({ length: rest.length - position }, (_, i) => from + position + i);
  return picked.permute([...front, ...middle, ...back]);
}

/**
 * Indexes as Python does. Positions and ranges give a view; masks, tensors and arrays give a copy.
 *
 * @throws IndexError when an index is out of range, there are too many, or one has no meaning (positions in a tensor on
 *   a device that cannot be read at once are checked there, and the next read tells); DTypeError when a tensor index is of
 *   floats; DeviceError for a mask on such a device, since the result's size depends on it. A mask or index on the CPU
 *   serves tensors on every device.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * const x = tensor([[1, 2, 3], [4, 5, 6]]);
 * console.log(String(x.at(":", 0)));
 * // tensor([1., 4.])
 * console.log(String(x.at(-1, "1:")));
 * // tensor([5., 6.])
 * console.log(String(x.at(x.gt(2))));
 * // tensor([3., 4., 5., 6.])
 * ```
 */
export function at(x: Tensor, ...index: Index[]): Tensor {
  return observesCalls
    ? observedCall("at", "at", { input: x, index }, () => indexed(x, index))
    : indexed(x, index);
}

function indexed(x: Tensor, index: readonly Index[]): Tensor {
  checkTensor("at", x);
  const { view, lookups } = viewOf(x, parse(x, index));
  if (lookups.length > 0) return named(lookUp(view, lookups), "Index");
  return view.recorder === null ? view : named(view, viewName(index));
}

/** The last of the views that PyTorch makes of such an index, one after the other. */
function viewName(index: readonly Index[]): string {
  const last = index.findLast((entry) => entry !== "...");
  if (last === undefined) return "Alias";
  return last === null ? "Unsqueeze" : typeof last === "number" ? "Select" : "Slice";
}

/**
 * Writes to what an index selects: `x.set([0, ":"], value)`, `x.set([mask], 0)`. The value broadcasts.
 *
 * @throws IndexError and DTypeError as `at`; ShapeError when the value does not fit; DeviceError for a mask on a device
 *   that cannot be read at once, when it stands beside other tensors or the value has an element for each selected one.
 *   Nothing is written then.
 *
 * @example
 * ```ts
 * import { zeros } from "@flambeau/tensor";
 *
 * const x = zeros([2, 3]);
 * x.set([0, ":"], 7);
 * console.log(String(x));
 * // tensor([[7., 7., 7.],
 * //         [0., 0., 0.]])
 * ```
 */
export function set(x: Tensor, index: readonly Index[] | Index, value: Operand): Tensor {
  if (!observesCalls) return setAt(x, index, value);
  return observedCall("set", "set", { input: x, index, value }, () => setAt(x, index, value));
}

function setAt(x: Tensor, index: readonly Index[] | Index, value: Operand): Tensor {
  checkTensor("set", x);
  refuseOverlap("set", x);
  const entries = (Array.isArray(index) ? index : [index]) as readonly Index[];
  const hidden = entries.findIndex((e) => isMask(e) && !isReadable(placed(e, x).storage.backend));
  if (hidden >= 0) return setWhere(x, entries, hidden, value);
  const { view, lookups } = viewOf(x, parse(x, entries));
  const source = value instanceof Tensor ? withoutLeadingOnes(value, view.ndim) : filledLike(view, value);
  if (lookups.length === 0) {
    if (value instanceof Tensor) copy_(view, source);
    else view.fill_(value);
    return x;
  }
  // The positions that the index selects, found by indexing the numbers 0, 1, 2, ... of a tensor of the same shape.
  const numbers = positions(view.numel(), x.device);
  const targets = lookUp(numbers.reshape(view.shape), lookups);
  let fitted: Tensor;
  try {
    fitted = withoutLeadingOnes(source, targets.ndim).to(x.dtype).expand(targets.shape);
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new ShapeError(
      `set: a value of shape ${formatShape(source.shape)} does not fit the selection of shape ${formatShape(targets.shape)}`,
    );
  }
  copy_(view, scatter(view.reshape([-1]), 0, targets.ravel(), fitted.ravel()).reshape(view.shape));
  return x;
}

const SET_LINE = "x.set([await mask.cpu()], value)";

/** A write where a mask is true whose elements are not known: every element is chosen from the value and what is there. */
function setWhere(x: Tensor, entries: readonly Index[], at: number, value: Operand): Tensor {
  const given = maskOfBytes(entries[at] as Tensor);
  // A scalar mask stands for a new dimension of size one.
  const mask = given.ndim === 0 ? given.reshape([1]) : given;
  const whole: Index[] = given.ndim === 0 ? [null] : new Array<Index>(given.ndim).fill(":");
  const { view, lookups } = viewOf(
    x,
    parse(x, [...entries.slice(0, at), ...whole, ...entries.slice(at + 1)]),
  );
  if (lookups.length > 0) needsElements("set", given, MASKED, SET_LINE);
  const named = entries.reduce((n: number, e) => n + width(e), 0);
  const first = entries
    .slice(0, at)
    .reduce((n: number, e) => n + (e === "..." ? x.ndim - named : typeof e === "number" ? 0 : 1), 0);
  if (!sameShape(mask.shape, view.shape.slice(first, first + mask.ndim))) {
    throw new IndexError(
      `a mask of shape ${formatShape(given.shape)} does not match the tensor's sizes ${formatShape(x.shape)}`,
    );
  }
  const after = view.ndim - first - mask.ndim;
  const ones = (n: number): number[] => new Array<number>(n).fill(1);
  let source =
    value instanceof Tensor ? withoutLeadingOnes(value, first + 1 + after) : filledLike(view, value);
  const dim = source.ndim - 1 - after;
  if (dim >= 0) {
    const { shape } = source;
    if (shape[dim] !== 1) {
      needsElements(
        "set",
        given,
        `a value of shape ${formatShape(shape)} has one element for each that is selected`,
        SET_LINE,
      );
    }
    source = source.reshape([...shape.slice(0, dim), ...ones(mask.ndim), ...shape.slice(dim + 1)]);
  }
  copy_(view, where(mask.reshape([...mask.shape, ...ones(after)]), source.to(x.dtype), view));
  return x;
}

/** PyTorch lets a value have more dimensions than the selection, if they have size one. */
function withoutLeadingOnes(value: Tensor, ndim: number): Tensor {
  let surplus = 0;
  while (value.ndim - surplus > ndim && value.shape[surplus] === 1) surplus++;
  return surplus === 0 ? value : value.reshape(value.shape.slice(surplus));
}

function filledLike(x: Tensor, value: Scalar): Tensor {
  const out = Tensor.empty(x.storage.backend, [], x.dtype);
  fillInto(out, value);
  return out;
}

const MASKED_SELECT = "maskedSelect(input, mask)";

/**
 * The elements where a mask is true, as a vector; the two broadcast.
 *
 * @throws DTypeError when the mask is no bool tensor; ShapeError when they do not broadcast; DeviceError when the mask is
 *   on a device that cannot be read at once.
 *
 * @example
 * ```ts
 * import { maskedSelect, tensor } from "@flambeau/tensor";
 *
 * const x = tensor([1, -2, 3]);
 * console.log(String(maskedSelect(x, x.gt(0))));
 * // tensor([1., 3.])
 * ```
 */
export const maskedSelect: Callable<typeof MASKED_SELECT, Tensor> = callable(MASKED_SELECT, (x, mask) => {
  if (mask.dtype !== "bool")
    throw new DTypeError(`maskedSelect takes a bool tensor as its mask; got ${mask.dtype}`);
  const shape = broadcastShapes(x.shape, mask.shape);
  needsElements("maskedSelect", mask, MASKED, "x.maskedSelect(await mask.cpu())");
  // A vector even of a scalar.
  const picked = at(
    x.expand(shape).reshape(shape.length === 0 ? [1] : shape),
    mask.expand(shape).reshape(shape.length === 0 ? [1] : shape),
  );
  return named(picked, "MaskedSelect");
});
