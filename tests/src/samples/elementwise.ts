/**
 * Samples of the elementwise ops: a line an op, one domain per operand. An op that is missing here does not compile.
 */
import { numel } from "@flambeau/backend";
import * as T from "@flambeau/tensor";
import fc from "fast-check";
import { between, broadcastable, type Domain, type Input, inputs, shapes, valueIn } from "./input.ts";
import { beside, type Case, type Sample } from "./sample.ts";

/** An operand that is a plain number in every call: its op has no derivative by it. */
interface Setting {
  readonly setting: number;
}
/** A bool tensor. */
export type Operand = Domain | Setting | "mask";

const real = between(-2, 2);
const small = between(-0.8, 0.8);
const positive = between(0.4, 3);
const aboveOne = between(1.2, 3);
const unit = between(0.1, 0.9);
const nonZero = between(-2, 2, [0]);
const noWhole = between(-2.4, 2.4, [-2, -1, 0, 1, 2]);
const noHalf = between(-2.2, 2.2, [-1.5, -0.5, 0.5, 1.5]);
const setting = (value: number): Setting => ({ setting: value });

/** Ops of the table, each with lists of operands; several lists are several samples. */
export const operands: { readonly [K in T.ElementwiseName]: readonly (readonly Operand[])[] } = {
  exp: [[real]],
  exp2: [[real]],
  expm1: [[real]],
  log: [[positive]],
  log2: [[positive]],
  log10: [[positive]],
  log1p: [[between(-0.6, 2)]],
  sqrt: [[positive]],
  rsqrt: [[positive]],
  reciprocal: [[positive], [between(-3, -0.4)]],
  sin: [[real]],
  cos: [[real]],
  tan: [[between(-1.2, 1.2)]],
  asin: [[small]],
  acos: [[small]],
  atan: [[real]],
  sinh: [[real]],
  cosh: [[real]],
  tanh: [[real]],
  asinh: [[real]],
  acosh: [[aboveOne]],
  atanh: [[small]],
  erf: [[real]],
  erfc: [[real]],
  erfinv: [[small]],
  sigmoid: [[between(-5, 5)]],
  logit: [[unit]],

  add: [[real, real]],
  sub: [[real, real]],
  rsub: [[real, real]],
  mul: [[real, real]],
  div: [
    [real, positive],
    [real, between(-3, -0.4)],
  ],
  pow: [
    [positive, real],
    [nonZero, setting(2)],
    [nonZero, setting(3)],
    [nonZero, setting(-1)],
    [nonZero, setting(0)],
  ],
  floorDivide: [
    [between(4.9, 5.7), between(2, 2.3)],
    [between(-5.7, -4.9), between(2, 2.3)],
  ],
  remainder: [
    [between(4.9, 5.7), between(2, 2.3)],
    [between(-5.7, -4.9), between(2, 2.3)],
  ],
  fmod: [
    [between(4.9, 5.7), between(2, 2.3)],
    [between(-5.7, -4.9), between(2, 2.3)],
  ],
  atan2: [
    [positive, real],
    [between(-3, -0.4), real],
  ],
  maximum: [[real, real]],
  minimum: [[real, real]],
  clampMin: [[real, real]],
  clampMax: [[real, real]],
  clamp: [
    [real, between(-1, -0.5), between(0.5, 1)],
    [between(-3, 3, [-1, 1]), setting(-1), setting(1)],
  ],
  xlogy: [[nonZero, positive]],
  logaddexp: [[real, real]],
  hypot: [[positive, real]],
  lerp: [[real, real, between(-1, 2, [-0.5, 0.5])]],
  addcmul: [[real, real, real]],
  addcdiv: [[real, real, positive]],
  neg: [[real]],
  abs: [[nonZero]],
  square: [[real]],
  sign: [[nonZero]],
  floor: [[noWhole]],
  ceil: [[noWhole]],
  trunc: [[noWhole]],
  round: [[noHalf]],
  frac: [[noWhole]],

  where: [["mask", real, real]],

  relu: [[nonZero]],
  leakyRelu: [[nonZero, setting(0.1)]],
  hardtanh: [[between(-3, 3, [-1, 2]), setting(-1), setting(2)]],
  hardsigmoid: [[between(-5, 5, [-3, 3])]],
  hardswish: [[between(-5, 5, [-3, 3])]],
  elu: [[nonZero, setting(1.5)]],
  selu: [[nonZero]],
  silu: [[real]],
  gelu: [[real]],
  softplus: [
    [real, setting(1), setting(20)],
    [between(-2, 2, [1]), setting(2), setting(2)],
  ],
  logSigmoid: [[real]],
  squaredError: [[real, real]],
  absoluteError: [[real, real]],
  // The grids of the operands leave their difference half a step (1/32) away from the bound.
  smoothL1Error: [[real, real, setting(1)]],
  huberError: [[real, real, setting(1)]],
  binaryCrossEntropy: [[unit, unit]],
  binaryCrossEntropyWithLogits: [[nonZero, unit, positive]],
};

const isDomain = (x: Operand): x is Domain => typeof x === "object" && "min" in x;

export type Run = (...operands: T.Operand[]) => T.Tensor;

/** The function of the public API that runs an op. */
export function functionOf(name: T.ElementwiseName): Run {
  const table = T as unknown as Record<string, Run>;
  return table[name];
}

/** Draws calls of `run`: which operands are tensors and which plain numbers, broadcasting shapes, layouts and values. */
export function elementwiseCases(run: Run, list: readonly Operand[]): fc.Arbitrary<Case> {
  const domains = list.flatMap((x, k) => (isDomain(x) ? [k] : []));
  const anyScalars = fc.oneof(
    { weight: 2, arbitrary: fc.constant([] as number[]) },
    { weight: 1, arbitrary: fc.subarray(domains, { maxLength: domains.length - 1 }) },
  );
  return fc.tuple(shapes(), anyScalars).chain(([common, scalars]) => {
    const drawn: fc.Arbitrary<Input | number | readonly boolean[]>[] = list.map((x, k) => {
      if (x === "mask") {
        return fc.array(fc.boolean(), { minLength: numel(common), maxLength: numel(common) });
      }
      if (!isDomain(x)) return fc.constant(x.setting);
      if (scalars.includes(k)) return valueIn(x, k);
      const shape = list.length === 1 ? fc.constant(common) : broadcastable(common);
      return shape.chain((s) => inputs(s, x, k));
    });
    return fc.tuple(...drawn).map((values) => {
      const isTensor = values.map((v) => typeof v === "object" && !Array.isArray(v));
      const fixed = values.map((v) =>
        Array.isArray(v)
          ? T.tensor(Uint8Array.from(v, Number), { dtype: "bool" }).reshape(common)
          : (v as number),
      );
      return {
        inputs: values.filter((_, k) => isTensor[k]) as Input[],
        call: (...x: T.Tensor[]): T.Tensor => {
          let next = 0;
          return run(
            ...fixed.map((v, k) => (isTensor[k] ? x[next++] : v instanceof T.Tensor ? beside(x[0], v) : v)),
          );
        },
        text: values.map((v, k) => (isTensor[k] ? "tensor" : JSON.stringify(v))).join(", "),
      };
    });
  });
}

export const elementwiseSamples: readonly Sample[] = Object.entries(operands).flatMap(([name, lists]) =>
  lists.map((list) => ({
    name,
    cases: elementwiseCases(functionOf(name as T.ElementwiseName), list),
    smooth: true,
  })),
);
