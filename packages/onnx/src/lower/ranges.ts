/** Indices of numbers and ranges, as `at` takes them. */
import { type Argument, Size, SizedText } from "@flambeau/graph";
import type { Ref } from "../builder.ts";
import type { Emit } from "../emit.ts";

const LARGEST = 2 ** 53;

/** Stands for a dimension that a tensor of positions takes. */
export const TAKEN = "@";

/** What numbers, ranges, `"..."` and null show of a tensor, and which of its dimensions are taken by tensors. */
interface Shown {
  readonly ref: Ref;
  readonly taken: readonly number[];
}

/** The part of a tensor of a rank that an index shows; null where an entry is none of these. */
export function basicIndex(x: Emit, input: Ref, rank: number, entries: readonly Argument[]): Shown | null {
  const named = entries.filter((one) => one !== null && one !== "...").length;
  const full = entries.flatMap((one): readonly Argument[] =>
    one === "..." ? new Array<Argument>(rank - named).fill(":") : [one],
  );
  const dims: number[] = [];
  const [starts, ends, steps]: Argument[][] = [[], [], []];
  const dropped: number[] = [];
  const added: number[] = [];
  const taken: number[] = [];
  let d = 0;
  let position = 0;
  for (const entry of full) {
    if (entry === null) {
      added.push(position++);
      continue;
    }
    if (entry === TAKEN) taken.push(position);
    const range = entry === TAKEN ? WHOLE : rangeOf(entry);
    if (range === null) return null;
    if (!range.isWhole) {
      dims.push(d);
      starts.push(range.start);
      ends.push(range.end);
      steps.push(range.step);
    }
    if (range.isOne) dropped.push(d);
    else position++;
    d++;
  }
  let part = input;
  if (dims.length > 0)
    part = x.node(
      "Slice",
      [part, x.sizes.vector(starts), x.sizes.vector(ends), x.ints(dims), x.sizes.vector(steps)],
      part.dtype,
    );
  if (dropped.length > 0) part = x.node("Squeeze", [part, x.ints(dropped)], part.dtype);
  const ref = added.length === 0 ? part : x.node("Unsqueeze", [part, x.ints(added)], part.dtype);
  return { ref, taken };
}

interface Range {
  readonly start: Argument;
  readonly end: Argument;
  readonly step: Argument;
  readonly isOne: boolean;
  readonly isWhole: boolean;
}

const WHOLE: Range = { start: 0, end: LARGEST, step: 1, isOne: false, isWhole: true };

function rangeOf(entry: Argument): Range | null {
  if (typeof entry === "number") {
    const end = entry === -1 ? LARGEST : entry + 1;
    return { start: entry, end, step: 1, isOne: true, isWhole: false };
  }
  if (entry instanceof Size) {
    const next = new Size([...entry.terms, { factor: 1, axes: [] }], entry.value + 1);
    return { start: entry, end: next, step: 1, isOne: true, isWhole: false };
  }
  const limits = limitsOf(entry);
  if (limits === null || limits.length === 1) return null;
  const [start, end, step = 1] = limits;
  const isWhole = start === undefined && end === undefined && step === 1;
  return { start: start ?? 0, end: end ?? LARGEST, step, isOne: false, isWhole };
}

/** What stands between the colons of a range; null where it is none. */
function limitsOf(entry: Argument): (number | Size | undefined)[] | null {
  if (entry instanceof SizedText) {
    const limits: (number | Size | undefined)[] = [undefined];
    for (const part of entry.parts) {
      if (typeof part !== "string") limits[limits.length - 1] = part;
      else for (const letter of part) if (letter === ":") limits.push(undefined);
    }
    return limits;
  }
  if (typeof entry !== "string") return null;
  const numbers = entry.split(":").map((part) => (part.trim() === "" ? undefined : Number(part)));
  return numbers.some((n) => n !== undefined && !Number.isInteger(n)) ? null : numbers;
}
