import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ValueError } from "@flambeau/backend";
import fc from "fast-check";
import fixture from "../../../tests/fixtures/datasets.json" with { type: "json" };
import type { IntegerDType } from "../src/numpy/randint.ts";
import { numpyRandom, RandomState } from "../src/numpy/random-state.ts";
import { assertNumbers, type Numbers } from "./fixture.ts";

interface Step extends Numbers {
  method: string;
  args: (number | string)[];
  options: { dtype?: IntegerDType; replace?: boolean; p?: number[] };
}

const streams = fixture.streams as unknown as { seed: number | number[]; steps: Step[] }[];

function integer(value: number | string): number | bigint {
  return typeof value === "string" ? BigInt(value.slice(0, -1)) : value;
}

/** Draws what one step of a stream draws. */
function draw(random: RandomState, { method, args, options }: Step): ArrayLike<number | bigint> {
  const [a, b, c] = args as number[];
  const drawn = (): number | ArrayLike<number | bigint> => {
    switch (method) {
      case "rand":
        return random.rand(...(args as number[]));
      case "randn":
        return random.randn(...(args as number[]));
      case "random_sample":
        return random.randomSample(a);
      case "standard_normal":
        return random.standardNormal(a);
      case "uniform":
        return random.uniform(a, b, c);
      case "normal":
        return random.normal(a, b, c);
      case "permutation":
        return random.permutation(a);
      case "choice":
        return random.choice(a, b, options);
      case "randint": {
        const [low, high] = args.slice(0, 2).map(integer);
        return options.dtype
          ? random.randint<IntegerDType>(low, high, c, { dtype: options.dtype })
          : random.randint(low, high, c);
      }
      case "shuffle": {
        const array = Array.from({ length: a * b }, (_, i) => i);
        random.shuffle(array, b);
        return array;
      }
      default:
        return assert.fail(`unknown method ${method}`);
    }
  };
  const result = drawn();
  return typeof result === "number" ? [result] : result;
}

/** Whether a step needs no logarithm: all else is exact everywhere. */
function isExact({ method }: Step): boolean {
  return !["randn", "normal", "standard_normal"].includes(method);
}

describe("NumPy's RandomState", () => {
  for (const { seed, steps } of streams) {
    test(`seed ${String(seed).slice(0, 20)}`, () => {
      const random = new RandomState(seed);
      steps.forEach((step, i) => {
        const label = `step ${i}: ${step.method}(${step.args.join(", ")}) ${JSON.stringify(step.options)}`;
        assertNumbers(draw(random, step), step, isExact(step) ? 0 : 1e-15, label);
      });
    });
  }

  test("the module's own stream is a RandomState", () => {
    numpyRandom.seed(2020);
    assert.deepEqual(numpyRandom.randn(500), new RandomState(2020).randn(500));
  });

  test("an unpredictable start differs each time", () => {
    assert.notDeepEqual(new RandomState().rand(4), new RandomState().rand(4));
  });

  test("typed arrays and arrays of anything are shuffled alike, a permutation leaves its source alone", () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.integer(), { maxLength: 50 }), (seed, values) => {
        const typed = Int32Array.from(values);
        const strings = values.map(String);
        new RandomState(seed).shuffle(typed);
        new RandomState(seed).shuffle(strings);
        assert.deepEqual(Array.from(typed, String), strings);
        assert.deepEqual(new RandomState(seed).permutation(values), Array.from(typed));
        assert.deepEqual([...strings].sort(), values.map(String).sort());
        assert.deepEqual(
          new RandomState(seed).permutation(values.length).map((i) => values[i]),
          Array.from(typed),
        );
      }),
    );
  });

  test("choice takes elements of an array", () => {
    const letters = ["a", "b", "c", "d"];
    const indices = new RandomState(3).choice(4, 6);
    assert.deepEqual(
      new RandomState(3).choice(letters, 6),
      indices.map((i) => letters[i]),
    );
    assert.ok(letters.includes(new RandomState(3).choice(letters)));
  });
});

describe("bad arguments draw nothing", () => {
  const cases: Record<string, (random: RandomState) => unknown> = {
    "a seed below 0": (r) => r.seed(-1),
    "a seed of 2^32": (r) => r.seed(2 ** 32),
    "no seed at all": (r) => r.seed([]),
    "a fraction in a seed": (r) => r.seed([1, 0.5]),
    "a size that is a fraction": (r) => r.rand(1.5),
    "a size below 0": (r) => r.uniform(0, 1, [2, -1]),
    "an infinite range": (r) => r.uniform(0, Infinity),
    "scale below 0": (r) => r.normal(0, -1, 3),
    "an empty range": (r) => r.randint(3, 3, 2),
    "low beyond the dtype": (r) => r.randint(-1, 3, 2, { dtype: "uint8" }),
    "high beyond the dtype": (r) => r.randint(0, 257, 2, { dtype: "uint8" }),
    "bounds that no number holds": (r) => r.randint(0, 2n ** 60n),
    "a bound that is a fraction": (r) => r.randint(0, 1.5),
    "rows that do not fit": (r) => r.shuffle([1, 2, 3], 2),
    "too many without replacement": (r) => r.choice(3, 4, { replace: false }),
    "nothing to choose from": (r) => r.choice([], 1),
    "probabilities that do not fit": (r) => r.choice(3, 1, { p: [0.5, 0.5] }),
    "probabilities that do not sum to 1": (r) => r.choice(2, 1, { p: [0.5, 0.4] }),
    "a probability below 0": (r) => r.choice(2, 1, { p: [1.5, -0.5] }),
    "a probability that is NaN": (r) => r.choice(2, 1, { p: [Number.NaN, 0.5] }),
    "too few probabilities above 0": (r) => r.choice(3, 2, { replace: false, p: [1, 0, 0] }),
  };
  for (const [name, run] of Object.entries(cases)) {
    test(name, () => {
      const random = new RandomState(11);
      assert.throws(() => run(random), ValueError);
      assert.deepEqual(random.randn(3), new RandomState(11).randn(3));
    });
  }
});
