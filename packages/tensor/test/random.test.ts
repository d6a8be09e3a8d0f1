import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type DType, DTypeError, type TypedArray, typedArray, ValueError } from "@flambeau/backend";
import fc from "fast-check";
import fixture from "../../../tests/fixtures/random.json" with { type: "json" };
import { fma32, fma64 } from "../src/random/fma.ts";
import * as random from "../src/random/index.ts";

type Scalar = number | bigint;

interface Step {
  op: string;
  dtype: string;
  n: number;
  args: unknown[];
  values: string;
}

interface Stream {
  seed: string;
  initialSeed: string;
  steps: Step[];
  stateHash: number;
  state?: string;
}

const streams = Object.entries(fixture.streams as unknown as Record<string, Stream>);

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

function scalar(value: unknown): Scalar {
  return typeof value === "string" ? BigInt(value.slice(0, -1)) : (value as number);
}

function fnv1a(bytes: Uint8Array): number {
  return bytes.reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 0x811c9dc5) >>> 0;
}

/** Draws what one step of a stream draws. */
function draw(generator: random.Generator, { op, dtype, n, args }: Step): TypedArray {
  const type = dtype as DType;
  if (op === "multinomial") {
    const [weights, weightType, rows, samples, replacement] = args as [
      number[],
      DType,
      number,
      number,
      boolean,
    ];
    const table = typedArray(weightType, weights.length) as random.FloatArray;
    table.set(weights);
    const out = new BigInt64Array(rows * samples);
    const shape = { rows, categories: weights.length / rows, samples };
    random.multinomial(generator, out, table, shape, replacement);
    return out;
  }
  const out = typedArray(type, n);
  const floats = out as random.FloatArray;
  const [a, b] = args as number[];
  if (op === "uniform") random.uniform(generator, floats, a, b);
  else if (op === "normal") random.normal(generator, floats, a, b);
  else if (op === "logNormal") random.logNormal(generator, floats, a, b);
  else if (op === "exponential") random.exponential(generator, floats, a);
  else if (op === "cauchy") random.cauchy(generator, floats, a, b);
  else if (op === "geometric") random.geometric(generator, out, a);
  else if (op === "bernoulli") random.bernoulli(generator, out, a);
  else if (op === "bernoulliEach") {
    const [p, pType] = args as [number[], string];
    random.bernoulliEach(generator, out, pType === "float64" ? Float64Array.from(p) : Float32Array.from(p));
  } else if (op === "random" || op === "randint") {
    const [from, to] = args.map(scalar);
    if (op === "random") random.random(generator, out, from, to, type);
    else random.randint(generator, out, from, to, type);
  } else if (op === "randperm") random.randperm(generator, out, type);
  else assert.fail(`unknown op ${op}`);
  return out;
}

/** Whether a step's values hold only operations that every runtime rounds alike. */
function isExact({ op, dtype, n }: Step): boolean {
  if (op === "normal") return dtype === "float32" && n >= 16;
  return !["logNormal", "exponential", "cauchy"].includes(op);
}

function assertClose(actual: TypedArray, expected: TypedArray, relative: number, message: string): void {
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(Number(actual[i]) - Number(expected[i]));
    const limit = relative * Math.max(Math.abs(Number(expected[i])), 0.1);
    assert.ok(difference <= limit, `${message}: element ${i} is ${actual[i]}, not ${expected[i]}`);
  }
}

describe("PyTorch's streams", () => {
  for (const [name, stream] of streams) {
    test(name, () => {
      const generator = new random.Generator().manualSeed(scalar(stream.seed));
      assert.equal(generator.initialSeed(), scalar(stream.initialSeed));
      stream.steps.forEach((step, i) => {
        const label = `step ${i}: ${step.op} of ${step.n} ${step.dtype}`;
        const actual = draw(generator, step);
        const bytes = bytesOf(step.values);
        const expected = new (actual.constructor as Float32ArrayConstructor)(bytes.buffer as ArrayBuffer);
        if (isExact(step)) assert.deepEqual(actual, expected, label);
        else assertClose(actual, expected, step.dtype === "float32" ? 2e-7 : 1e-14, label);
      });
    });
  }
});

describe("the generator's state", () => {
  for (const [name, stream] of streams) {
    // The cached normal sample (bytes 5024 to 5031) may differ in its last bit: it is compared apart from the rest.
    test(`after ${name}`, () => {
      const generator = new random.Generator().manualSeed(scalar(stream.seed));
      for (const step of stream.steps) draw(generator, step);
      const state = generator.getState();
      assert.equal(state.length, 5056);
      assert.equal(
        fnv1a(Uint8Array.of(...state.subarray(0, 5024), ...state.subarray(5032))),
        stream.stateHash,
      );
      if (stream.state === undefined) return;
      const expected = bytesOf(stream.state);
      const normal = (bytes: Uint8Array): number => new DataView(bytes.buffer).getFloat64(5024, true);
      assert.ok(Math.abs(normal(state) - normal(expected)) < 1e-14);
    });
  }

  test("goes on from PyTorch's bytes", () => {
    const stream = Object.fromEntries(streams)["mixed, seed 42"];
    const expected = new random.Generator().manualSeed(42);
    for (const step of stream.steps) draw(expected, step);
    const actual = new random.Generator().setState(bytesOf(stream.state as string));
    assert.equal(actual.initialSeed(), 42n);
    const a = new Float64Array(40);
    const b = new Float64Array(40);
    random.normal(actual, a.subarray(0, 7));
    random.normal(expected, b.subarray(0, 7));
    random.uniform(actual, a.subarray(7));
    random.uniform(expected, b.subarray(7));
    assertClose(a, b, 1e-14, "after setState");
  });

  test("resumes at any point, and leaves the state alone when the bytes are bad", () => {
    fc.assert(
      fc.property(
        fc.bigInt(-(2n ** 63n), 2n ** 64n - 1n),
        fc.nat(2000),
        fc.nat(20),
        (seed, words, normals) => {
          const generator = new random.Generator().manualSeed(seed);
          for (let i = 0; i < words; i++) generator.random32();
          for (let i = 0; i < normals; i++) generator.normal();
          const state = generator.getState();
          const next = [generator.normal(), generator.random32(), generator.uniform53()];
          generator.setState(state);
          const bad = state.slice();
          bad[8] = 77;
          bad[16] = 3;
          const unseeded = state.slice();
          unseeded[12] = 0;
          for (const wrong of [bad, unseeded, state.subarray(1), [...state] as unknown as Uint8Array]) {
            assert.throws(() => generator.setState(wrong), ValueError);
          }
          assert.deepEqual(generator.getState(), state);
          assert.deepEqual([generator.normal(), generator.random32(), generator.uniform53()], next);
        },
      ),
      { numRuns: 50 },
    );
  });

  test("manualSeed, seed and initialSeed of the default generator", () => {
    assert.equal(random.manualSeed(7), random.defaultGenerator);
    assert.equal(random.initialSeed(), 7n);
    const seed = random.seed();
    assert.equal(random.initialSeed(), seed);
    assert.notEqual(random.seed(), seed);
    assert.equal(new random.Generator().initialSeed(), 67280421310721n);
    const state = random.getRngState();
    const drawn = random.defaultGenerator.random64();
    assert.deepEqual(state, random.manualSeed(random.initialSeed()).getState());
    random.setRngState(state);
    assert.equal(random.defaultGenerator.random64(), drawn);
    assert.throws(() => random.setRngState(state.subarray(1)), ValueError);
  });

  test("refuses seeds that are none", () => {
    const generator = new random.Generator().manualSeed(5);
    const state = generator.getState();
    for (const seed of [1.5, Number.NaN, 2n ** 64n, -(2n ** 63n) - 1n, "1" as unknown as number]) {
      assert.throws(() => generator.manualSeed(seed), ValueError);
    }
    assert.deepEqual(generator.getState(), state);
  });
});

describe("bad arguments", () => {
  const f32 = new Float32Array(4);
  const ints = new Int32Array(4) as unknown as Float32Array;
  const shape = { rows: 1, categories: 4, samples: 2 };
  const two = new BigInt64Array(2);
  const cases: [string, new (message: string) => Error, (generator: random.Generator) => void][] = [
    ["uniform of integers", DTypeError, (g) => random.uniform(g, ints)],
    ["uniform, from > to", ValueError, (g) => random.uniform(g, f32, 1, 0)],
    ["uniform, NaN", ValueError, (g) => random.uniform(g, f32, 0, Number.NaN)],
    ["uniform, too large", ValueError, (g) => random.uniform(g, f32, 0, 1e39)],
    ["normal of integers", DTypeError, (g) => random.normal(g, ints)],
    ["normal, std < 0", ValueError, (g) => random.normal(g, f32, 0, -1)],
    ["logNormal, std = 0", ValueError, (g) => random.logNormal(g, f32, 0, 0)],
    ["exponential, lambd < 0", ValueError, (g) => random.exponential(g, f32, -1)],
    ["bernoulli, p > 1", ValueError, (g) => random.bernoulli(g, f32, 2)],
    [
      "bernoulliEach, p > 1",
      ValueError,
      (g) => random.bernoulliEach(g, f32, new Float32Array([0.1, 0.2, 0.3, 2])),
    ],
    ["bernoulliEach, lengths", ValueError, (g) => random.bernoulliEach(g, f32, new Float32Array(3))],
    ["geometric, p = 1", ValueError, (g) => random.geometric(g, f32, 1)],
    ["random, empty range", ValueError, (g) => random.random(g, f32, 3, 3)],
    ["random, beyond uint8", ValueError, (g) => random.random(g, new Uint8Array(3), 0, 300)],
    ["random, beyond bool", ValueError, (g) => random.random(g, new Uint8Array(3), 0, 3, "bool")],
    ["random, a fraction", ValueError, (g) => random.random(g, f32, 0, 1.5)],
    ["random, all of int64 in int32", DTypeError, (g) => random.random(g, new Int32Array(3), -(2n ** 63n))],
    ["random, another dtype", DTypeError, (g) => random.random(g, f32, 0, 5, "int64")],
    ["randint, empty range", ValueError, (g) => random.randint(g, f32, 5, 5)],
    ["randperm of booleans", DTypeError, (g) => random.randperm(g, new Uint8Array(2), "bool")],
    ["randperm, beyond uint8", ValueError, (g) => random.randperm(g, new Uint8Array(300))],
    ["multinomial, no weight", ValueError, (g) => random.multinomial(g, two, new Float32Array(4), shape)],
    [
      "multinomial, a negative weight",
      ValueError,
      (g) =>
        random.multinomial(
          g,
          two,
          f32.map((_, i) => i - 1),
          shape,
        ),
    ],
    [
      "multinomial, too many samples",
      ValueError,
      (g) =>
        random.multinomial(
          g,
          new BigInt64Array(5),
          f32.map(() => 1),
          { ...shape, samples: 5 },
        ),
    ],
  ];
  for (const [name, type, run] of cases) {
    test(name, () => {
      const generator = new random.Generator().manualSeed(1);
      const state = generator.getState();
      assert.throws(() => run(generator), type);
      assert.deepEqual(generator.getState(), state);
    });
  }
});

describe("fused multiplication and addition equals exact rational arithmetic, rounded once", () => {
  test("float64", () => {
    for (const [a, b, c, expected] of fixture.fused64)
      assert.equal(fma64(a, b, c), expected, `${a} * ${b} + ${c}`);
  });

  test("float32", () => {
    for (const [a, b, c, expected] of fixture.fused32)
      assert.equal(fma32(a, b, c), expected, `${a} * ${b} + ${c}`);
    const twiceRounded = fixture.fused32.filter(([a, b, c, expected]) => Math.fround(a * b + c) !== expected);
    assert.ok(twiceRounded.length > 0, "no row tells one rounding from two");
  });
});
