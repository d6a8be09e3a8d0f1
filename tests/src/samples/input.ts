/** Inputs of samples: values in a domain, a shape, and how the elements lie in memory. */
import { type DType, numel, type Shape } from "@flambeau/backend";
import { type Tensor, tensor, zeros } from "@flambeau/tensor";
import fc from "fast-check";

/** Where an operand's values come from: a grid between two bounds, away from points where nothing is smooth. */
export interface Domain {
  readonly min: number;
  readonly max: number;
  readonly kinks: readonly number[];
}

/** Values between two bounds, at least `margin` from each of the kinks. */
export function between(min: number, max: number, kinks: readonly number[] = []): Domain {
  return { min, max, kinks };
}

/** Far more than finite differences move a value, far less than the domains are wide. */
const margin = 0.02;
/** Grid points in a domain. */
const points = 64;

/**
 * A value of a domain. Operands have grids of their own (a quarter apart), so that two that share a domain never tie or
 * come closer than a 256th of its width.
 */
export function valueIn(domain: Domain, operand = 0): fc.Arbitrary<number> {
  const phase = ((operand % 3) + 1) / 4;
  return fc.integer({ min: 0, max: points - 1 }).map((k) => {
    const value = domain.min + ((domain.max - domain.min) * (k + phase)) / points;
    const near = domain.kinks.find((kink) => Math.abs(value - kink) < margin);
    return near === undefined ? value : near + margin;
  });
}

/** How elements lie in memory: in order, dimensions reversed, with gaps and not from the start, or repeated by an expand. */
export type Layout = "contiguous" | "transposed" | "strided" | "expanded";

export interface Input {
  readonly shape: Shape;
  readonly layout: Layout;
  /** Row-major; for an expanded input those before the expansion. */
  readonly values: readonly number[];
}

/** The shape of the leaf behind an input: an expanded one has one element along its first dimension. */
export function leafShape({ shape, layout }: Input): Shape {
  return layout === "expanded" ? [1, ...shape.slice(1)] : shape;
}

/** A leaf with the values of an input (or others), laid out as it says. */
export function leafOf(
  input: Input,
  values: readonly number[] = input.values,
  dtype: DType = "float64",
  device = "cpu",
): Tensor {
  const shape = leafShape(input);
  const flat = tensor(Float64Array.from(values), { dtype, device }).reshape(shape);
  const reversed = shape.map((_, i) => shape.length - 1 - i);
  switch (input.layout) {
    case "transposed":
      return flat.permute(reversed).contiguous().permute(reversed).detach();
    case "strided": {
      const wide = zeros([2 * numel(shape) + 3], { dtype, device });
      const strides = flat.stride().map((s) => 2 * s);
      const view = wide.asStrided(shape, strides, numel(shape) > 0 ? 3 : 0).detach();
      return numel(shape) > 0 ? view.copy_(flat) : view;
    }
    default:
      return flat.detach();
  }
}

/** What an op is called with, given the leaf. */
export function inputOf(input: Input, leaf: Tensor): Tensor {
  return input.layout === "expanded" ? leaf.expand(input.shape) : leaf;
}

export function describeInput(input: Input): string {
  return `${input.layout} [${input.shape.join(", ")}] of [${input.values.join(", ")}]`;
}

/** Values for a shape in any layout. */
export function inputs(shape: Shape, domain: Domain, operand = 0): fc.Arbitrary<Input> {
  const layouts: Layout[] = ["contiguous", "contiguous"];
  if (shape.length > 0) layouts.push("strided");
  if (shape.length > 1) layouts.push("transposed");
  if (shape.length > 0 && shape[0] > 1) layouts.push("expanded");
  return fc.constantFrom(...layouts).chain((layout) => {
    const count = numel(leafShape({ shape, layout, values: [] }));
    return fc
      .array(valueIn(domain, operand), { minLength: count, maxLength: count })
      .map((values) => ({ shape, layout, values }));
  });
}

export interface ShapeLimits {
  readonly minDims?: number;
  readonly maxDims?: number;
  /** Whether a size may be zero. Default true. */
  readonly empty?: boolean;
  /** The smallest size but zero. Default 1. */
  readonly minSize?: number;
}

/** Small shapes: scalars, vectors, matrices and more, now and then without elements. */
export function shapes({
  minDims = 0,
  maxDims = 3,
  empty = true,
  minSize = 1,
}: ShapeLimits = {}): fc.Arbitrary<number[]> {
  const size = (allowZero: boolean): fc.Arbitrary<number> =>
    fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: minSize, max: 3 }) },
      { weight: allowZero ? 1 : 0, arbitrary: fc.constant(0) },
    );
  return fc.array(size(empty), { minLength: minDims, maxLength: maxDims });
}

/** A shape that broadcasts to another: leading sizes left out, sizes replaced by one. */
export function broadcastable(shape: Shape): fc.Arbitrary<number[]> {
  return fc
    .tuple(
      fc.oneof(
        { weight: 3, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.integer({ min: 0, max: shape.length }) },
      ),
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: shape.length, maxLength: shape.length }),
    )
    .map(([left, ones]) => shape.map((size, i) => (ones[i] === 0 ? 1 : size)).slice(left));
}
