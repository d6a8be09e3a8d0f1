/** Elementwise functions: derivatives against finite differences, integers beyond doubles, and what is refused. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gradcheck, gradgradcheck } from "@flambeau/autograd";
import { AutogradError, DTypeError, ShapeError } from "@flambeau/backend";
import { type Tensor, tensor } from "@flambeau/tensor";
import * as elementwise from "../src/elementwise/index.ts";

const leaf = (...values: number[]): Tensor => tensor(values, { dtype: "float64", requiresGrad: true });
const column = (...values: number[]): Tensor =>
  leaf(...values)
    .detach()
    .unsqueeze(1)
    .requiresGrad_();
const int64 = (...values: bigint[]): Tensor => tensor(values);
const numbers = (x: Tensor): unknown => Array.from(x.dataSync() as ArrayLike<number | bigint>);

type Case = readonly [f: (...xs: Tensor[]) => Tensor, ...inputs: Tensor[]];

const cases: Readonly<Record<string, readonly Case[]>> = {
  deg2rad: [[(x) => elementwise.deg2rad(x), leaf(-30, 200)]],
  rad2deg: [[(x) => elementwise.rad2deg(x), leaf(-0.5, 2)]],
  copysign: [
    [(a, b) => elementwise.copysign(a, b), leaf(1.5, -2), column(3, -0.5)],
    [(x) => elementwise.copysign(x, -1), leaf(1.5, -2)],
  ],
  floatPower: [
    [(a, b) => elementwise.floatPower(a, b), leaf(1.5, 2), column(3, -0.5)],
    [(x) => elementwise.floatPower(2, x), leaf(1.5, -2)],
  ],
  fmax: [[(a, b) => elementwise.fmax(a, b), leaf(1.5, -2), column(3, -0.5)]],
  fmin: [[(a, b) => elementwise.fmin(a, b), leaf(1.5, -2), column(3, -0.5)]],
  frexp: [[(x) => elementwise.frexp(x).mantissa, leaf(1.5, -5)]],
  ldexp: [[(a, b) => elementwise.ldexp(a, b), leaf(1.5, -2), column(3, -0.5)]],
  logaddexp2: [[(a, b) => elementwise.logaddexp2(a, b), leaf(1.5, -2), column(3, -0.5)]],
};

/** They give integers or bools, or a step, or neighbours. */
const without = [
  ...["bitwiseLeftShift", "bitwiseRightShift", "gcd", "lcm", "isneginf", "isposinf", "signbit"],
  ...["heaviside", "nextafter"],
];

describe("elementwise derivatives", () => {
  for (const [name, all] of Object.entries(cases)) {
    test(name, () => {
      for (const [f, ...inputs] of all) {
        assert.ok(gradcheck(f, inputs, { atol: 1e-6, rtol: 1e-4 }));
        assert.ok(gradgradcheck(f, inputs, { atol: 1e-5, rtol: 1e-4 }));
      }
    });
  }

  test("every function has a case", () => {
    const missing = Object.keys(elementwise).filter((name) => !(name in cases) && !without.includes(name));
    assert.deepEqual(missing, []);
  });

  test("a backward pass through a step says that there is none", () => {
    assert.throws(() => elementwise.heaviside(leaf(1), leaf(2)).sum().backward(), AutogradError);
    assert.throws(() => elementwise.nextafter(leaf(1), leaf(2)).sum().backward(), AutogradError);
  });
});

describe("integers beyond doubles", () => {
  const large = 2n ** 62n + 2n ** 5n;
  test("have their divisors and multiples", () => {
    assert.deepEqual(numbers(elementwise.gcd(int64(large, -(2n ** 63n)), int64(2n ** 7n, 96n))), [32n, 32n]);
    assert.deepEqual(numbers(elementwise.lcm(int64(2n ** 60n + 1n), int64(3n))), [3n * (2n ** 60n + 1n)]);
  });
  test("are shifted whole", () => {
    assert.deepEqual(numbers(elementwise.bitwiseRightShift(int64(large, -large), 5)), [
      2n ** 57n + 1n,
      -(2n ** 57n) - 1n,
    ]);
    assert.deepEqual(numbers(elementwise.bitwiseLeftShift(int64(2n ** 57n + 1n), 5)), [large]);
  });
  test("nothing but the sign is left of shifts beyond all bits", () => {
    const x = int64(5n, -5n);
    for (const amount of [-1, 64, 100]) {
      assert.deepEqual(numbers(elementwise.bitwiseLeftShift(x, amount)), [0n, 0n]);
      assert.deepEqual(numbers(elementwise.bitwiseRightShift(x, amount)), [0n, -1n]);
    }
  });
});

test("what is wrong is said at the call", () => {
  const { gcd, heaviside, nextafter, frexp, bitwiseLeftShift, logaddexp2, fmax } = elementwise;
  assert.throws(() => gcd(leaf(1), leaf(2)), DTypeError);
  assert.throws(() => bitwiseLeftShift(int64(1n), 0.5), DTypeError);
  assert.throws(() => heaviside(int64(1n), leaf(2)), DTypeError);
  assert.throws(() => nextafter(int64(1n), int64(2n)), DTypeError);
  assert.throws(() => frexp(int64(1n)), DTypeError);
  assert.throws(() => logaddexp2(int64(1n), int64(2n)), DTypeError);
  for (const f of [gcd, nextafter, fmax])
    assert.throws(
      () =>
        f(
          tensor([1, 2]).to(f === gcd ? "int64" : "float32"),
          tensor([1, 2, 3]).to(f === gcd ? "int64" : "float32"),
        ),
      ShapeError,
    );
});

test("neighbours of float32 and float64", () => {
  const { nextafter } = elementwise;
  const values = [0, -0, 1, Infinity, -1, 1];
  const towards = [1, -1, -Infinity, 0, 0, 1];
  for (const [dtype, least, below, most] of [
    ["float32", 2 ** -149, 2 ** -24, (2 - 2 ** -23) * 2 ** 127],
    ["float64", Number.MIN_VALUE, 2 ** -53, Number.MAX_VALUE],
  ] as const) {
    const got = nextafter(tensor(values, { dtype }), tensor(towards, { dtype }));
    assert.deepEqual(numbers(got), [least, -least, 1 - below, most, below - 1, 1]);
  }
});
