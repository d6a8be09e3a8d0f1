/** What to call kernels with, for the tests of every device. */
import { type BinaryFn, type DType, E, type Expr, type UnaryFn, type Windows } from "@flambeau/backend";
import fc from "fast-check";
import { type Layout, layouts, readLayouts, type Scalar } from "./support.ts";

/** Leaves that every dtype has. */
export const constants: readonly Expr[] = [
  { kind: "const", value: 2 },
  { kind: "const", value: -1 },
];

/** Expressions of these leaves and functions. */
export function expressionsOf(
  leaves: readonly Expr[],
  unary: readonly UnaryFn[],
  binary: readonly BinaryFn[],
  maxDepth: number,
): fc.Arbitrary<Expr> {
  const [one, two] = [fc.constantFrom(...unary), fc.constantFrom(...binary)];
  return fc.letrec<{ node: Expr; leaf: Expr }>((tie) => ({
    leaf: fc.constantFrom(...leaves),
    node: fc.oneof(
      { maxDepth },
      tie("leaf"),
      fc.tuple(one, tie("node")).map(([fn, a]) => E[fn](a)),
      fc.tuple(two, tie("node"), tie("node")).map(([fn, a, b]) => E[fn](a, b)),
      fc.tuple(two, tie("node")).map(([fn, a]) => E[fn](a, a)),
      fc.tuple(tie("node"), tie("node"), tie("node")).map(([c, a, b]) => E.select(c, a, b)),
    ),
  })).node;
}

/** On bool, sub and neg are not defined beyond staying bool; PyTorch refuses them. */
export function isDefined(fn: string, compute: DType): boolean {
  return compute !== "bool" || !["sub", "neg", "mod", "pow"].includes(fn);
}

interface WindowCase {
  readonly plane: readonly number[];
  readonly windows: Windows;
  /** Shapes: of the planes, of the elements under all windows, and of one number for each window. */
  readonly planes: readonly number[];
  readonly columns: readonly number[];
  readonly pooled: readonly number[];
  readonly values: readonly number[];
  readonly layouts: readonly [Layout, Layout, Layout];
}

const pair = (min: number, max: number): fc.Arbitrary<[number, number]> =>
  fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }));

/** Planes, windows that need not fit, and values without rounding in sums. */
export const windowCases: fc.Arbitrary<WindowCase> = fc
  .record({
    images: fc.nat(2),
    channels: fc.integer({ min: 1, max: 3 }),
    plane: pair(1, 6),
    positions: pair(1, 5),
    kernel: pair(1, 3),
    stride: pair(1, 3),
    padding: pair(0, 3),
    dilation: pair(1, 3),
    values: fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 60 }),
    layouts: fc.tuple(readLayouts, layouts, layouts),
  })
  .map(({ images, channels, plane, positions, values, layouts, ...windows }) => ({
    plane,
    windows,
    planes: [images, channels, ...plane],
    columns: [images, channels, ...windows.kernel, ...positions],
    pooled: [images, channels, ...positions],
    values,
    layouts,
  }));

interface LineCase {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly dim: number;
  readonly values: readonly Scalar[];
  readonly layouts: readonly [Layout, Layout, Layout];
}

/** Tensors and one of their dimensions, for scans and sorts. */
export function lineCases(
  anyDType: fc.Arbitrary<DType>,
  valuesOf: (dtype: DType) => fc.Arbitrary<Scalar[]>,
): fc.Arbitrary<LineCase> {
  return fc
    .record({ dtype: anyDType, shape: fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 3 }) })
    .chain(({ dtype, shape }) =>
      fc.record({
        dtype: fc.constant(dtype),
        shape: fc.constant(shape),
        dim: fc.nat(Math.max(0, shape.length - 1)),
        values: valuesOf(dtype),
        layouts: fc.tuple(readLayouts, layouts, layouts),
      }),
    );
}
