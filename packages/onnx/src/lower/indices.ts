/** Indices of numbers, ranges, masks and tensors of positions, as `at` and `set` take them. */
import { type Argument, Size, Value } from "@flambeau/graph";
import { tensor } from "@flambeau/tensor";
import type { Ref } from "../builder.ts";
import type { Emit } from "../emit.ts";
import { basicIndex, TAKEN } from "./ranges.ts";
import { permuted } from "./shapes.ts";

/** The entries of an index: one, or several in an array. */
function entriesOf(index: Argument): readonly Argument[] {
  return Array.isArray(index) ? index : [index];
}

/** Whether an index is made of numbers and ranges, which show the tensor's memory. */
export function isBasic(index: Argument): boolean {
  return entriesOf(index).every((one) => !(one instanceof Value) && !Array.isArray(one) && !isOpaque(one));
}

function isOpaque(entry: Argument): boolean {
  return typeof entry === "object" && entry !== null && "opaque" in entry;
}

/**
 * What an index shows of a tensor: numbers and ranges first, then the tensors of positions, whose dimensions stand where the first of
 * theirs was if they stand together, else in front.
 */
export function indexed(x: Emit, input: Ref, rank: number, index: Argument): Ref {
  const lists: (readonly Ref[])[] = [];
  const ranks: number[] = [];
  const entries = entriesOf(index).flatMap((entry): readonly Argument[] => {
    const positions = positionsOf(x, entry);
    if (positions === null) return [entry];
    lists.push(positions.refs);
    ranks.push(positions.rank);
    return positions.refs.map(() => TAKEN);
  });
  const shown = basicIndex(x, input, rank, entries);
  if (shown === null) return x.refuse("an entry of its index has no form");
  const { ref, taken } = shown;
  const positions = lists.flat();
  if (positions.length === 0) return ref;
  if (positions.length === 1) return x.node("Gather", [ref, positions[0]], ref.dtype, { axis: taken[0] });
  const all = rankAfter(rank, entriesOf(index));
  const others = Array.from({ length: all }, (_, d) => d).filter((d) => !taken.includes(d));
  const gathered = x.node(
    "GatherND",
    [permuted(x, ref, [...taken, ...others]), together(x, positions)],
    ref.dtype,
  );
  const isTogether = taken.every((d, i) => d === taken[0] + i);
  if (!isTogether) return gathered;
  // Behind the dimensions that come before.
  const width = Math.max(...ranks);
  const own = Array.from({ length: width }, (_, d) => d);
  const moved = others.map((_, i) => width + i);
  return permuted(x, gathered, [...moved.slice(0, taken[0]), ...own, ...moved.slice(taken[0])]);
}

/** The rank of what numbers and ranges show. */
function rankAfter(rank: number, entries: readonly Argument[]): number {
  const added = entries.filter((one) => one === null).length;
  const dropped = entries.filter((one) => typeof one === "number" || one instanceof Size).length;
  return rank + added - dropped;
}

/** Tensors of positions that an entry is, one for each dimension that it takes; null for numbers and ranges. */
function positionsOf(x: Emit, entry: Argument): { refs: readonly Ref[]; rank: number } | null {
  if (entry instanceof Value) {
    if (entry.dtype !== "bool") return { refs: [x.as(entry, "int64")], rank: entry.shape.length };
    return { refs: masked(x, x.of(entry), entry.shape.length), rank: 1 };
  }
  const list = isOpaque(entry) ? (entry as { readonly opaque: unknown }).opaque : entry;
  if (!Array.isArray(list) && !ArrayBuffer.isView(list)) return null;
  const held = tensor(list as never, { dtype: "int64" });
  const positions = Array.from(held.dataSync() as BigInt64Array);
  return { refs: [x.builder.constant("int64", held.shape, positions)], rank: held.ndim };
}

/** Where a mask is true, along each of its dimensions. */
function masked(x: Emit, mask: Ref, rank: number): readonly Ref[] {
  if (rank === 0) return x.refuse("a mask without dimensions");
  const rows = x.node("NonZero", [mask], "int64");
  return Array.from({ length: rank }, (_, d) =>
    x.node("Gather", [rows, x.scalar(d, "int64")], "int64", { axis: 0 }),
  );
}

/** Tensors of positions, broadcast, as one with a last dimension for each. */
function together(x: Emit, positions: readonly Ref[]): Ref {
  const sum = positions.reduce((a, b) => x.node("Add", [a, b], "int64"));
  const shape = x.node("Shape", [sum], "int64");
  const columns = positions.map((one) =>
    x.node("Unsqueeze", [x.node("Expand", [one, shape], "int64"), x.ints([-1])], "int64"),
  );
  return x.node("Concat", columns, "int64", { axis: -1 });
}
