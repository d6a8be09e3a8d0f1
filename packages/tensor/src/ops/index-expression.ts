/** What an index says: entries such as 0, ":", "1:3", "...", null, masks and positions. */
import {
  DeviceError,
  DTypeError,
  formatShape,
  IndexError,
  quote,
  sameShape,
  ValueError,
  warn,
} from "@flambeau/backend";
import { describeValue } from "../describe.ts";
import { refuseLost } from "../device.ts";
import { Tensor } from "../tensor.ts";
import { tensor } from "../values.ts";
import { positionOf } from "./check-index.ts";
import { nonzero } from "./nonzero.ts";
import { isReadable, needsElements } from "./unreadable.ts";

/**
 * One entry of an index: a position; a range `"start:stop:step"` with any part left out; `"..."` for all dimensions
 * not named; `null` for a new dimension; a bool tensor as a mask; an integer tensor or an array of integers as a list
 * of positions.
 */
export type Index = number | string | null | Tensor | readonly number[];

/** What an index does to the dimensions of a tensor: first a view, then at most one lookup by tensors. */
export interface Parsed {
  readonly starts: number[];
  readonly steps: number[];
  readonly sizes: number[];
  /** Dimensions of the box that a single position removes. */
  readonly dropped: number[];
  /** What the result's dimensions are made of: dimensions of the box, "new" ones, or the lookup by a tensor. */
  readonly layout: (number | "new" | Tensor)[];
  /** Lookups that are new dimensions as well: those of scalar masks. */
  readonly scalarMasks: Tensor[];
}

export const MASKED = "how many elements a mask selects depends on its elements";

const RANGE = /^\s*(-?\d+)?\s*:\s*(-?\d+)?\s*(?::\s*(-?\d+)?\s*)?$/;

function parseRange(text: string, size: number, dim: number): { start: number; step: number; count: number } {
  const match = RANGE.exec(text);
  if (match === null) {
    throw new IndexError(
      `${quote(text)} is no index; ranges are written "start:stop:step" with any part left out, as in "1:3" or "::2"`,
    );
  }
  const step = match[3] === undefined ? 1 : Number(match[3]);
  if (step <= 0)
    throw new ValueError(
      `the step of ${quote(text)} (dimension ${dim}) is not above zero; use flip to reverse`,
    );
  const bound = (part: string | undefined, otherwise: number): number => {
    if (part === undefined) return otherwise;
    const n = Number(part);
    return Math.min(Math.max(n < 0 ? n + size : n, 0), size);
  };
  const start = bound(match[1], 0);
  const stop = bound(match[2], size);
  return { start, step, count: Math.max(0, Math.ceil((stop - start) / step)) };
}

/** PyTorch had bytes before it had bool, and still takes them for a mask, with a warning. */
export function isMask(entry: unknown): entry is Tensor {
  return entry instanceof Tensor && (entry.dtype === "bool" || entry.dtype === "uint8");
}

/** A scalar of integers is a position like a number, and gives a view like one, where it can be read. */
function isPosition(entry: unknown): entry is Tensor {
  return (
    entry instanceof Tensor &&
    entry.ndim === 0 &&
    (entry.dtype === "int64" || entry.dtype === "int32") &&
    isReadable(entry.storage.backend)
  );
}

export function maskOfBytes(entry: Tensor): Tensor {
  if (entry.dtype !== "uint8") return entry;
  warn(
    "a uint8 tensor as an index is a mask, as in PyTorch; convert it with .bool() to say so, or with .long() for positions",
  );
  return entry.to("bool");
}

/** How many dimensions of the tensor an entry takes up. */
export function width(entry: Index): number {
  if (entry === null || entry === "...") return 0;
  return isMask(entry) ? entry.ndim : 1;
}

export function parse(x: Tensor, entries: readonly Index[]): Parsed {
  if (entries.filter((e) => e === "...").length > 1) throw new IndexError('an index can have only one "..."');
  const named = entries.reduce((n: number, e) => n + width(e), 0);
  if (named > x.ndim) {
    throw new IndexError(
      `too many indices: ${named} for a tensor of ${x.ndim} dimensions, shape ${formatShape(x.shape)}`,
    );
  }
  const full = entries.includes("...") ? entries : [...entries, "..."];
  const p: Parsed = { starts: [], steps: [], sizes: [], dropped: [], layout: [], scalarMasks: [] };
  const box = (start: number, step: number, count: number): number => {
    p.starts.push(start);
    p.steps.push(step);
    return p.sizes.push(count) - 1;
  };
  const whole = (): number => box(0, 1, x.shape[p.sizes.length]);
  for (const given of full) {
    const entry = isPosition(given) ? Number(given.dataSync()[0]) : given;
    const dim = p.sizes.length;
    if (entry === "...") {
      for (let k = x.ndim - named; k > 0; k--) p.layout.push(whole());
    } else if (entry === null) {
      p.layout.push("new");
    } else if (typeof entry === "number") {
      p.dropped.push(box(positionOf(entry, dim, x.shape[dim]), 1, 1));
    } else if (typeof entry === "string") {
      const range = parseRange(entry, x.shape[dim], dim);
      p.layout.push(box(range.start, range.step, range.count));
    } else {
      const list = entry instanceof Tensor ? maskOfBytes(placed(entry, x)) : integerList(entry);
      if (list.dtype === "bool" && list.ndim === 0) {
        needsElements("at", list, MASKED, "x.at(await mask.cpu())");
        // A new dimension of size one or, if the mask is false, of size zero.
        const positions = nonzero(list.reshape([1])).select(1, 0);
        p.scalarMasks.push(positions);
        p.layout.push(positions);
      } else if (list.dtype === "bool") {
        needsElements("at", list, MASKED, "x.at(await mask.cpu())");
        for (const positions of maskPositions(list, x.shape.slice(dim, dim + list.ndim), dim)) {
          whole();
          p.layout.push(positions);
        }
      } else if (list.dtype === "int64" || list.dtype === "int32") {
        whole();
        p.layout.push(list);
      } else {
        throw new DTypeError(
          `tensors used as indices are int64, int32 or bool; got ${list.dtype} (convert with .long())`,
        );
      }
    }
  }
  return p;
}

/**
 * A tensor used as an index: on the device of what it indexes or, as in PyTorch, on the CPU.
 *
 * @throws DeviceError when it is elsewhere.
 */
export function placed(index: Tensor, x: Tensor): Tensor {
  const { backend } = index.storage;
  if (backend === x.storage.backend || isReadable(backend)) return index;
  for (const own of [backend, x.storage.backend]) refuseLost("at", own);
  throw new DeviceError(
    `at: the index is on ${backend.name} and the tensor on ${x.device}; write x.at(await index.cpu())`,
  );
}

/** On the CPU, where its range can be checked at once. */
function integerList(entry: unknown): Tensor {
  if (!Array.isArray(entry) || !entry.every((i) => Number.isInteger(i))) {
    throw new IndexError(
      `an index is an integer, a range such as "1:3", "...", null, a tensor or an array of integers; got ${describeValue(entry)}`,
    );
  }
  return tensor(BigInt64Array.from(entry, (i: number) => BigInt(i)));
}

/** Where a mask is true: one int64 vector per dimension. */
function maskPositions(mask: Tensor, shape: readonly number[], dim: number): Tensor[] {
  if (!sameShape(mask.shape, shape)) {
    throw new IndexError(
      `a mask of shape ${formatShape(mask.shape)} does not match the tensor's sizes ${formatShape(shape)} from dimension ${dim} on`,
    );
  }
  const rows = nonzero(mask);
  return Array.from({ length: mask.ndim }, (_, k) => rows.select(1, k));
}
