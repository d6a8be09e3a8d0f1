import type { Tensor } from "@flambeau/tensor";
import fc from "fast-check";
import { type Domain, describeInput, type Input, inputs, type ShapeLimits, shapes } from "./input.ts";

/** One call of an op: its tensor inputs, all of which can have a gradient, and the call itself. */
export interface Case {
  readonly inputs: readonly Input[];
  readonly call: (...x: Tensor[]) => Tensor | readonly Tensor[];
  /** The arguments besides the inputs, for messages. */
  readonly text: string;
}

/** A way to draw calls of an op. */
export interface Sample {
  /** What the sample covers: an op of the op table, or a function or method of the public API. */
  readonly name: string;
  readonly cases: fc.Arbitrary<Case>;
  /** Whether second derivatives exist at the drawn values and are checked. */
  readonly smooth: boolean;
  /** How far finite differences move a value, where the default is not right. */
  readonly step?: number;
  /** Whether the calls themselves go through float64, which only the CPU has. */
  readonly float64?: boolean;
}

/** A tensor of a case that is no input (indices, a mask), where the call needs it: beside `x`. */
export function beside(x: Tensor, constant: Tensor): Tensor {
  return constant.to({ device: x.device });
}

export function describeCase(c: Case): string {
  return `${c.inputs.map(describeInput).join("; ")}${c.text === "" ? "" : ` (${c.text})`}`;
}

type Call = Case["call"];

/** Calls of one tensor; `make` draws the other arguments for its shape. */
export function onTensor(
  domain: Domain,
  limits: ShapeLimits,
  make: (shape: readonly number[]) => fc.Arbitrary<readonly [string, Call]>,
): fc.Arbitrary<Case> {
  return shapes(limits).chain((shape) =>
    fc
      .tuple(inputs(shape, domain), make(shape))
      .map(([input, [text, call]]) => ({ inputs: [input], call, text })),
  );
}

/** As `onTensor`, with elements that all differ by at least a fifth: for ops that choose by order. */
export function onDistinct(
  domain: Domain,
  limits: ShapeLimits,
  make: (shape: readonly number[]) => fc.Arbitrary<readonly [string, Call]>,
): fc.Arbitrary<Case> {
  return onTensor(domain, limits, make).map((c) => ({ ...c, inputs: c.inputs.map(apart) }));
}

/** The same order with ties broken, a fifth apart and none of them zero. */
export function apart(input: Input): Input {
  const { shape, values } = input;
  // An expanded input has ties by its nature.
  const all = input.layout === "expanded" ? Array.from({ length: shape[0] }, () => values).flat() : values;
  const order = all.map((_, i) => i).sort((i, j) => all[i] - all[j] || i - j);
  const spread = new Array<number>(all.length);
  order.forEach((i, rank) => {
    spread[i] = (rank - Math.floor(all.length / 2)) / 5 + 0.03125;
  });
  return { shape, layout: input.layout === "expanded" ? "contiguous" : input.layout, values: spread };
}

/** Calls of one tensor without other arguments. */
export function plain(domain: Domain, call: Call, limits: ShapeLimits = {}): fc.Arbitrary<Case> {
  return onTensor(domain, limits, () => fc.constant(["", call] as const));
}

/** Calls of several tensors of given shapes. */
export function onTensors(
  domains: readonly Domain[],
  drawShapes: fc.Arbitrary<readonly (readonly number[])[]>,
  call: Call,
  text = "",
): fc.Arbitrary<Case> {
  return drawShapes.chain((all) =>
    fc
      .tuple(...all.map((shape, k) => inputs(shape, domains[k % domains.length], k)))
      .map((drawn) => ({ inputs: drawn, call, text })),
  );
}

/** A dimension of a shape, counted from either end; 0 or -1 for a scalar. */
export function dimOf(shape: readonly number[]): fc.Arbitrary<number> {
  const n = Math.max(shape.length, 1);
  return fc.integer({ min: -n, max: n - 1 });
}

/** Distinct dimensions of a shape, at least one unless it has none. */
export function dimsOf(shape: readonly number[]): fc.Arbitrary<number[]> {
  return fc.subarray(
    Array.from(shape, (_, i) => i),
    { minLength: Math.min(1, shape.length) },
  );
}
