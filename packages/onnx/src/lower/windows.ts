/** Windows and diagonals: elements of a tensor several times, or some of them, by their positions. */
import { type Argument, type Call, Size, type Value } from "@flambeau/graph";
import type { Ref } from "../builder.ts";
import type { Emit, Lowerings } from "../emit.ts";
import { dimOf, fixed, tensorArg } from "./args.ts";
import { reduced, wide } from "./reductions.ts";
import { permuted } from "./shapes.ts";

/** `0, 1, ...`, as many as a size says. */
function range(x: Emit, count: number | Size): Ref {
  return x.node("Range", [x.scalar(0, "int64"), x.sizes.scalar(count), x.scalar(1, "int64")], "int64");
}

function sizeAt(x: Emit, value: Value, d: number): number | Size {
  return value.shape[d] ?? x.refuse(`dimension ${d} follows from open sizes in no way that is known`);
}

/** The elements of a diagonal of the matrices along two dimensions, which become the last one. */
function diagonalOf(x: Emit, value: Value, dims: readonly [Argument, Argument], offset: number): Ref {
  const rank = value.shape.length;
  const [a, b] = dims.map((dim) => dimOf(dim, rank));
  const others = Array.from({ length: rank }, (_, d) => d).filter((d) => d !== a && d !== b);
  const input = permuted(x, x.of(value), [...others, a, b]);
  const [rows, columns] = [sizeAt(x, value, a), sizeAt(x, value, b)];
  const count = lengthOf(x, rows, columns, offset);
  const step = x.node("Add", [x.sizes.scalar(columns), x.scalar(1, "int64")], "int64");
  const first = x.node(
    "Mul",
    [x.scalar(Math.abs(offset), "int64"), offset < 0 ? x.sizes.scalar(columns) : x.scalar(1, "int64")],
    "int64",
  );
  const positions = x.node("Add", [x.node("Mul", [range(x, count), step], "int64"), first], "int64");
  const flat = x.reshape(input, [...others.map(() => 0), -1]);
  return x.node("Gather", [flat, positions], input.dtype, { axis: others.length });
}

export const diagonals: Lowerings = {
  diagonal: (x, call) => {
    const { dim1, dim2, offset } = call.args;
    const value = tensorArg(call, call.args.input === undefined ? "A" : "input");
    return diagonalOf(x, value, [dim1, dim2], fixed(x, "offset", offset));
  },
};

export const traces: Lowerings = {
  trace: (x, call) => {
    const { dtype } = call.outputs[0];
    const diagonal = x.cast(diagonalOf(x, tensorArg(call, "input"), [0, 1], 0), wide(dtype));
    return x.cast(reduced(x, "ReduceSum", diagonal, [0], false), dtype);
  },
};

/** How many elements a diagonal has. */
function lengthOf(x: Emit, rows: number | Size, columns: number | Size, offset: number): number | Size {
  if (typeof rows === "number" && typeof columns === "number")
    return Math.max(0, Math.min(rows + Math.min(offset, 0), columns - Math.max(offset, 0)));
  if (String(rows) !== String(columns))
    return x.refuse("a diagonal of rows and columns of different open sizes");
  const size = rows as Size;
  const cut = Math.abs(offset);
  return new Size([...size.terms, { factor: -cut, axes: [] }], size.value - cut);
}

/** The function of `flambeau`, which takes windows along one dimension to a new last one. */
export const windows: Lowerings = {
  unfold: (x, call) => {
    const { dimension, size, step } = call.args;
    // The functional form is of planes, and is made of its primitive.
    if (dimension === undefined) return null;
    const value = tensorArg(call, "input");
    const input = x.of(value);
    const rank = value.shape.length;
    const d = dimOf(dimension, rank);
    const count = sizeAt(x, call.outputs[0], d);
    const starts = x.node("Mul", [range(x, count), x.as(step, "int64")], "int64");
    const within = range(x, size as number | Size);
    const positions = x.node("Add", [x.node("Unsqueeze", [starts, x.ints([1])], "int64"), within], "int64");
    const gathered = x.node("Gather", [input, positions], input.dtype, { axis: d });
    const dims = Array.from({ length: rank + 1 }, (_, k) => k).filter((k) => k !== d + 1);
    return permuted(x, gathered, [...dims, d + 1]);
  },
};

interface Plane {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
  readonly plane: readonly number[];
  readonly positions: readonly number[];
}

function planeOf(x: Emit, call: Call): Plane {
  const { kernel, stride, padding, dilation } = call.args.windows as unknown as Record<string, Argument[]>;
  const list = (name: string, values: Argument): number[] =>
    (values as readonly Argument[]).map((one) => fixed(x, name, one));
  return {
    kernel: list("kernelSize", kernel),
    stride: list("stride", stride),
    padding: list("padding", padding),
    dilation: list("dilation", dilation),
    plane: list("the plane", call.args.plane),
    positions: list("the number of windows", call.args.positions),
  };
}

/** How far windows reach along a dimension, with the padding in front. */
function reachOf({ kernel, stride, dilation, positions, padding, plane }: Plane, d: number): number {
  const reach = (positions[d] - 1) * stride[d] + (kernel[d] - 1) * dilation[d] + 1;
  return Math.max(reach, plane[d] + padding[d]);
}

/** Of each element of a window and each window where they lie along a dimension. */
function linesOf({ kernel, stride, dilation, positions }: Plane, d: number): number[] {
  return Array.from({ length: kernel[d] * positions[d] }, (_, i) => {
    const [element, window] = [Math.floor(i / positions[d]), i % positions[d]];
    return element * dilation[d] + window * stride[d];
  });
}

/** The primitives of windows on planes. */
export const planes: Lowerings = {
  unfold: (x, call) => {
    const input = x.of(call.args["0"]);
    const p = planeOf(x, call);
    const after = [0, 1].map((d) => reachOf(p, d) - p.plane[d] - p.padding[d]);
    const pads = x.ints([0, 0, ...p.padding, 0, 0, ...after]);
    const padded = x.node("Pad", [input, pads, x.scalar(0, input.dtype)], input.dtype, { mode: "constant" });
    const lines = [0, 1].map((d) =>
      x.builder.constant("int64", [p.kernel[d], p.positions[d]], linesOf(p, d)),
    );
    // [n, c, kernel, windows] of rows, then of columns.
    const rows = x.node("Gather", [padded, lines[0]], input.dtype, { axis: 2 });
    const both = x.node("Gather", [rows, lines[1]], input.dtype, { axis: 4 });
    return x.node("Transpose", [both], input.dtype, { perm: [0, 1, 2, 4, 3, 5] });
  },
  fold: (x, call) => {
    const value = tensorArg(call, "0");
    const input = x.of(value);
    const p = planeOf(x, call);
    const [height, width] = [reachOf(p, 0), reachOf(p, 1)];
    const [rows, columns] = [linesOf(p, 0), linesOf(p, 1)];
    const [k0, k1, p0, p1] = [...p.kernel, ...p.positions];
    const at = Array.from({ length: k0 * k1 * p0 * p1 }, (_, i) => {
      const [a, b] = [Math.floor(i / (k1 * p0 * p1)), Math.floor(i / (p0 * p1)) % k1];
      const [c, d] = [Math.floor(i / p1) % p0, i % p1];
      return rows[a * p0 + c] * width + columns[b * p1 + d];
    });
    const [batch, channels] = value.shape as (number | Size)[];
    const flat = x.reshape(input, [batch, channels, at.length]);
    const index = x.node(
      "Expand",
      [x.builder.constant("int64", [1, 1, at.length], at), x.sizes.vector([batch, channels, at.length])],
      "int64",
    );
    const zeros = x.node(
      "Expand",
      [x.scalar(0, input.dtype), x.sizes.vector([batch, channels, height * width])],
      input.dtype,
    );
    const sum = x.node("ScatterElements", [zeros, index, flat], input.dtype, { axis: 2, reduction: "add" });
    const plane = x.reshape(sum, [batch, channels, height, width]);
    const ends = p.plane.map((size, d) => size + p.padding[d]);
    return x.node("Slice", [plane, x.ints(p.padding), x.ints(ends), x.ints([2, 3])], input.dtype);
  },
};
