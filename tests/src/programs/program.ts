/**
 * Random programs: a few tensors and a list of ops on whatever has been computed so far. A program is data, so the same
 * one runs on two devices and its values and gradients can be compared. No runtime is named here.
 */
import type { DType } from "@flambeau/backend";
import { cat, gelu, matmul, type Tensor, tensor, where } from "@flambeau/tensor";
import fc from "fast-check";

/** An instruction: which op, and numbers that pick its operands and settings. */
export interface Step {
  readonly op: number;
  readonly picks: readonly [number, number, number];
}

export interface Program {
  readonly rows: number;
  readonly columns: number;
  readonly dtypes: readonly DType[];
  readonly seed: number;
  readonly steps: readonly Step[];
}

/**
 * What a step may use: tensors of the program's one shape, and a number. Decisions that jump (a comparison, a position)
 * are taken on `given`, which is the same to the last bit on every device; computed values may differ by roundings.
 */
interface Scope {
  readonly a: Tensor;
  readonly b: Tensor;
  readonly given: Tensor;
  readonly pick: number;
}

/**
 * Ops that map [rows, columns] to itself, bounded so that a long program neither overflows nor loses its digits. A mask
 * times 1 is numbers.
 */
export const ops: Readonly<Record<string, (s: Scope) => Tensor>> = {
  add: ({ a, b }) => a.add(b).mul(0.5),
  sub: ({ a, b }) => a.sub(b.mul(1)).mul(0.5),
  mul: ({ a, b }) => a.mul(b),
  div: ({ a, b }) => a.div(b.mul(1).abs().add(1)),
  pow: ({ a }) => a.abs().add(0.5).pow(1.5).mul(0.3),
  maximum: ({ a, b }) => a.maximum(b),
  scalar: ({ a, pick }) => a.mul((pick % 7) / 7).add(0.25),
  exp: ({ a }) => a.clamp(-3, 1).exp(),
  log: ({ a }) => a.abs().add(0.1).log(),
  tanh: ({ a }) => a.tanh(),
  sigmoid: ({ a }) => a.sigmoid(),
  gelu: ({ a }) => gelu(a),
  erf: ({ a }) => a.erf(),
  sin: ({ a, pick }) => a.mul(1 + (pick % 5)).sin(),
  sqrt: ({ a }) => a.abs().add(0.01).sqrt(),
  atan2: ({ a, b }) => a.atan2(b.add(3)),
  where: ({ a, b }) => where(a.gt(b), a, b).mul(0.9),
  mask: ({ a }) => a.maskedFill(a.lt(0), 0),
  compare: ({ a, given }) => a.mul(given.ge(0.1)),
  softmax: ({ a, pick }) => a.softmax(pick % 2),
  logSoftmax: ({ a, pick }) => a.logSoftmax(pick % 2).mul(0.1),
  rowMean: ({ a }) => a.sub(a.mean(1, { keepdim: true })),
  columnSum: ({ a }) => a.add(a.sum(0).mul(0.01)),
  normalize: ({ a }) => a.div(a.square().sum().add(1).sqrt().mul(0.01)).clamp(-2, 2),
  extreme: ({ a, pick }) => a.sub(a.detach().amax(pick % 2, { keepdim: true })).mul(0.5),
  transposed: ({ a, b }) => a.t().contiguous().t().add(b.t().mul(0.5).t()),
  strided: ({ a }) => cat([a.at("::2"), a.at("1::2")]),
  reversed: ({ a }) => a.flip([0]),
  broadcast: ({ a, b }) => a.mul(b.at(0)).add(b.at(":", "0:1")),
  gram: ({ a, b }) => {
    const other = b.to(a.dtype);
    return matmul(matmul(a, other.t()).mul(0.02).tanh(), other).mul(0.1);
  },
  cumulative: ({ a }) => a.cumsum(1).mul(0.05).tanh(),
  inPlace: ({ a, b }) => a.clone().mul_(0.5).add_(b).clamp_(-2, 2),
  gathered: ({ a, given }) => a.at(given.argmax(0)).tanh().mean(0).add(a),
};

export const names: readonly string[] = Object.keys(ops);

export const programs: fc.Arbitrary<Program> = fc.record({
  rows: fc.integer({ min: 2, max: 70 }),
  columns: fc.integer({ min: 2, max: 70 }),
  dtypes: fc.array(fc.constantFrom<DType>("float32", "float32", "float32", "float64", "int32", "bool"), {
    minLength: 2,
    maxLength: 3,
  }),
  seed: fc.nat(1e6),
  steps: fc.array(
    fc.record({ op: fc.nat(names.length - 1), picks: fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99)) }),
    {
      minLength: 2,
      maxLength: 7,
    },
  ),
});

/** A linear congruential generator is enough here, and the same everywhere. Source: Numerical Recipes, "ranqd1". */
function* noise(seed: number): Generator<number> {
  for (let x = seed >>> 0; ; ) {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    yield x / 2 ** 31 - 1;
  }
}

/** The tensors a program starts from. */
export function inputsOf(program: Program, device: string): Tensor[] {
  const { rows, columns, dtypes, seed } = program;
  const numbers = noise(seed);
  return dtypes.map((dtype) => {
    const values = Float64Array.from({ length: rows * columns }, () => 2 * (numbers.next().value as number));
    const x = tensor(values, { dtype, device }).reshape([rows, columns]);
    return dtype.startsWith("float") ? x.requiresGrad_() : x;
  });
}

/** Runs a program: every value it computed, last one last. */
export function run(program: Program, inputs: readonly Tensor[]): Tensor[] {
  // The first is a float whatever was drawn, so that every op has something to work on.
  const values = [inputs[0].add(0.5), ...inputs];
  for (const { op, picks } of program.steps) {
    const floats = values.filter((x) => x.dtype.startsWith("float"));
    const a = floats[floats.length - 1 - (picks[0] % Math.min(3, floats.length))];
    const given = inputs[picks[2] % inputs.length].detach();
    values.push(ops[names[op]]({ a, b: values[picks[1] % values.length], given, pick: picks[2] }));
  }
  return values.slice(inputs.length + 1);
}
