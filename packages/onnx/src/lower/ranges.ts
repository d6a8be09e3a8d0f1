/** Indices of numbers and ranges, as `at` takes them. */
import { type Argument, Size, SizedText, type Value } from "@flambeau/graph";
import type { Ref } from "../builder.ts";
import type { Emit } from "../emit.ts";

const LARGEST = 2 ** 53;

/** The entries of an index: one, or several in an array. */
export function entriesOf(index: Argument): readonly Argument[] {
  return Array.isArray(index) ? index : [index];
}

/** The part of a tensor that numbers, ranges, `"..."` and null show; null where an entry is something else. */
export function basicIndex(x: Emit, input: Ref, value: Value, entries: readonly Argument[]): Ref | null {
  const rank = value.shape.length;
  const taken = entries.filter((one) => one !== null && one !== "...").length;
  const full = entries.flatMap((one): readonly Argument[] =>
    one === "..." ? new Array<Argument>(rank - taken).fill(":") : [one],
  );
  const dims: number[] = [];
  const [starts, ends, steps]: Argument[][] = [[], [], []];
  const dropped: number[] = [];
  const added: number[] = [];
  let d = 0;
  let position = 0;
  for (const entry of full) {
    if (entry === null) {
      added.push(position++);
      continue;
    }
    const range = rangeOf(entry);
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
  return added.length === 0 ? part : x.node("Unsqueeze", [part, x.ints(added)], part.dtype);
}

interface Range {
  readonly start: Argument;
  readonly end: Argument;
  readonly step: Argument;
  readonly isOne: boolean;
  readonly isWhole: boolean;
}

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
