/** What TypeScript accepts runs, and what it refuses is refused at run time: the compiler checks each line marked as wrong. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ArgumentError } from "@flambeau/backend";
import {
  add,
  arange,
  cat,
  clamp,
  div,
  max,
  norm,
  normal,
  std,
  sum,
  type Tensor,
  tensor,
  topk,
  where,
  zeros,
} from "@flambeau/tensor";

const x = tensor([
  [1, 2],
  [3, 4],
]);

/** Runs each of the calls, which the compiler takes. */
function accepts(...calls: (() => unknown)[]): void {
  for (const call of calls) call();
}

/** Runs each of the calls, which the compiler does not take. */
function refuses(...calls: (() => unknown)[]): void {
  for (const call of calls) assert.throws(call, ArgumentError, String(call));
}

test("sum: a dimension or several, null for none, and a dtype by name", () => {
  accepts(
    () => sum(x),
    () => sum(x, 0),
    () => sum(x, [0, 1], true),
    () => sum(x, null, true, { dtype: "float64" }),
    () => sum(x, 0, { keepdim: true }),
    () => sum({ input: x, dim: 1 }),
    () => x.sum({ dtype: "float64" }),
  );
  refuses(
    // @ts-expect-error a string is no dimension
    () => sum(x, "0"),
    // @ts-expect-error what has a default is not null
    () => sum(x, 0, null),
    // @ts-expect-error dtype is given by name only
    () => sum(x, 0, true, "float64"),
    // @ts-expect-error misspelled
    () => x.sum({ keepdims: true }),
    // @ts-expect-error a number is no tensor
    () => sum(3),
    // @ts-expect-error nothing to sum
    () => sum(),
  );
});

test("max: what it gives follows from what it takes", () => {
  const all: Tensor = max(x);
  const pairs: Tensor = max(x, x);
  const { values } = max(x, 1);
  const [first, indices] = x.max({ dim: 1 });
  assert.deepEqual([all.ndim, pairs.ndim, values.ndim, first.ndim, indices.dtype], [0, 2, 1, 1, "int64"]);
  refuses(
    // @ts-expect-error keepdim goes with dim
    () => max(x, { keepdim: true }),
    // @ts-expect-error a dimension is a number
    () => max(x, "1"),
  );
});

test("add: operands, and alpha by name", () => {
  accepts(
    () => add(x, 1),
    () => add(1, x, { alpha: 2 }),
    () => x.add({ other: x, alpha: 2 }),
    () => x.clone().add_(1, { alpha: 2 }),
  );
  refuses(
    // @ts-expect-error alpha is given by name only
    () => add(x, 1, 2),
    // @ts-expect-error an array is no operand
    () => add(x, [1, 2]),
    // @ts-expect-error a factor is a number
    () => x.add(1, { alpha: "2" }),
    // @ts-expect-error the second operand is missing
    () => x.add_(),
  );
});

test("std: unbiased or a correction", () => {
  accepts(
    () => std(x),
    () => std(x, false),
    () => std(x, 0, false, true),
    () => std(x, 0, { correction: 0, keepdim: true }),
    () => x.std({ dim: 0, unbiased: false }),
  );
  // @ts-expect-error a correction is a number
  refuses(() => std(x, 0, { correction: "0" }));
});

test("clamp: either bound", () => {
  accepts(
    () => clamp(x, 0),
    () => clamp(x, null, 1),
    () => x.clamp({ max: 1 }),
  );
  // @ts-expect-error a bound is a number or a tensor
  refuses(() => clamp(x, "0"));
});

test("zeros: a shape is one array", () => {
  accepts(
    () => zeros([2, 3]),
    () => zeros([2], { dtype: "int64", device: "cpu" }),
    () => zeros({ size: [2] }),
  );
  refuses(
    // @ts-expect-error a shape is an array
    () => zeros(2),
    // @ts-expect-error loose sizes
    () => zeros(2, 3),
    // @ts-expect-error snake case
    () => zeros([2], { requires_grad: true }),
  );
});

test("arange: an end, or a start, an end and a step", () => {
  accepts(
    () => arange(5),
    () => arange(5n),
    () => arange(1, 5, 2),
    () => arange(1, 5, { step: 2, dtype: "int64" }),
    () => arange({ start: 1, end: 5 }),
  );
  refuses(
    // @ts-expect-error no end
    () => arange(),
    // @ts-expect-error a step is a number
    () => arange(1, 5, "2"),
  );
});

test("topk: five parameters, of which k is needed", () => {
  accepts(
    () => topk(x, 1),
    () => topk(x, 1, 0, false, true),
    () => x.topk(1, 0, { sorted: false }),
    () => x.topk({ k: 1 }),
  );
  refuses(
    // @ts-expect-error k is missing
    () => x.topk({ dim: 0 }),
    // @ts-expect-error one too many
    () => topk(x, 1, 0, true, true, true),
  );
});

test("cat: tensors in an array", () => {
  accepts(
    () => cat([x, x]),
    () => cat([x, x], 1),
    () => cat([x], { dim: -1 }),
  );
  refuses(
    // @ts-expect-error loose tensors
    () => cat(x, x),
    // @ts-expect-error an array of numbers
    () => cat([1, 2]),
  );
});

test("div: one of two words", () => {
  accepts(
    () => div(x, 2, { roundingMode: "floor" }),
    () => x.div({ other: 2, roundingMode: "trunc" }),
    () => x.div(2, { roundingMode: null }),
  );
  refuses(
    // @ts-expect-error no such mode
    () => div(x, 2, { roundingMode: "ceil" }),
    // @ts-expect-error by name only
    () => div(x, 2, "floor"),
  );
});

test("norm: a number or a word, and a dtype by position", () => {
  accepts(
    () => norm(x),
    () => norm(x, "nuc"),
    () => norm(x, 2, 0, true, "float64"),
    () => x.norm(2, { dim: [0, 1] }),
  );
  // @ts-expect-error no such norm
  refuses(() => norm(x, "max"));
});

test("normal, tensor and where: what is made, and where", () => {
  accepts(
    () => normal(0, 1, [2]),
    () => normal(x, { std: 2 }),
    () => tensor({ data: [1, 2], dtype: "int64" }),
    () => where(x.gt(2), x, 0),
    () => where({ condition: x.gt(2), input: x, other: 0 }),
  );
  refuses(
    // @ts-expect-error a size is an array
    () => normal(0, 1, 2),
    // @ts-expect-error misspelled
    () => tensor([1], { dtypes: "int64" }),
    // @ts-expect-error the other operand is missing
    () => where(x.gt(2), x),
  );
});

test("toArray: nested arrays, as deep as they are said to be", async () => {
  const rows: number[][] = await x.toArray();
  const masks = x.gt(2).toArraySync<boolean[][]>();
  const unnamed: number | boolean | unknown[] = x.tolist();
  assert.deepEqual([rows[1][0], masks[1], unnamed], [3, [true, true], rows]);
  // @ts-expect-error a tensor holds no strings
  x.tolist<string[]>();
  // @ts-expect-error how deep it is nested is not known
  x.tolist()[0];
});
