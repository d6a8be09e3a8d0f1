/** In-place functions: each writes over its input what the function gives, with its derivative, or nothing. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DTypeError, ShapeError } from "@flambeau/backend";
import { arange, type Tensor, tensor } from "@flambeau/tensor";
import * as inPlace from "../src/in-place/index.ts";
import * as ops from "../src/index.ts";

type AnyFunction = (...args: unknown[]) => Tensor;
const functions = ops as unknown as Readonly<Record<string, AnyFunction>>;

const floats = (...shape: number[]): Tensor =>
  arange(
    shape.reduce((a, b) => a * b, 1),
    { dtype: "float64" },
  )
    .sub(2.5)
    .reshape(shape);
const integers = (...values: bigint[]): Tensor => tensor(values);

/** Arguments of each, made afresh for every call. */
const cases: Readonly<Record<string, () => readonly unknown[]>> = {
  addmv_: () => [floats(2), floats(2, 3), floats(3), { beta: 2, alpha: 3 }],
  addr_: () => [floats(2, 3), floats(2), floats(3), { beta: 2 }],
  addbmm_: () => [floats(2, 2), floats(2, 2, 3), floats(2, 3, 2), { alpha: 2 }],
  baddbmm_: () => [floats(2, 2, 2), floats(2, 2, 3), floats(2, 3, 2), { beta: 0.5 }],
  gcd_: () => [integers(12n, 5n), integers(18n)],
  lcm_: () => [integers(4n, 5n), integers(6n)],
  bitwiseLeftShift_: () => [integers(1n, 3n), 2],
  bitwiseRightShift_: () => [integers(9n, -3n), integers(1n, 0n)],
  copysign_: () => [floats(2, 2), -1],
  deg2rad_: () => [floats(3)],
  rad2deg_: () => [floats(3)],
  ldexp_: () => [floats(2), integers(2n, -1n)],
  heaviside_: () => [floats(6), floats(1)],
  nextafter_: () => [floats(2), floats(1)],
  floatPower_: () => [floats(4), 2],
};
/** A step, neighbours, and integers have no derivative. */
const flat = ["gcd_", "lcm_", "bitwiseLeftShift_", "bitwiseRightShift_", "heaviside_", "nextafter_"];

describe("functions in place", () => {
  test("each has a case", () => {
    assert.deepEqual(Object.keys(cases).sort(), Object.keys(inPlace).sort());
  });

  for (const [name, make] of Object.entries(cases)) {
    const f = functions[name.slice(0, -1)];
    test(`${name} writes what the function gives`, () => {
      const [x, ...rest] = make() as [Tensor, ...unknown[]];
      const wanted = f(x, ...rest);
      assert.equal(functions[name](x, ...rest), x);
      assert.deepEqual(x.toArraySync(), wanted.toArraySync());
    });

    if (!flat.includes(name))
      test(`${name} has the function's derivative`, () => {
        const gradient = (g: AnyFunction): unknown => {
          const [x, ...rest] = make() as [Tensor, ...unknown[]];
          const leaf = x.requiresGrad_();
          g(leaf.mul(1), ...rest)
            .mul(arange(x.numel(), { dtype: "float64" }).add(1).reshape(x.shape))
            .sum()
            .backward();
          return leaf.grad?.toArraySync();
        };
        assert.deepEqual(gradient(functions[name]), gradient(f));
      });
  }

  test("a result that is larger is refused, and nothing is written", () => {
    const [x, n] = [floats(1), integers(4n)];
    const calls: Readonly<Record<string, () => unknown>> = {
      addmv_: () => ops.addmv_(x, floats(2, 3), floats(3)),
      addr_: () => ops.addr_(x, floats(2), floats(3)),
      addbmm_: () => ops.addbmm_(x, floats(2, 2, 3), floats(2, 3, 2)),
      baddbmm_: () => ops.baddbmm_(x, floats(2, 2, 3), floats(2, 3, 2)),
      gcd_: () => ops.gcd_(n, integers(1n, 2n)),
      lcm_: () => ops.lcm_(n, integers(1n, 2n)),
      bitwiseLeftShift_: () => ops.bitwiseLeftShift_(n, integers(1n, 2n)),
      bitwiseRightShift_: () => ops.bitwiseRightShift_(n, integers(1n, 2n)),
      copysign_: () => ops.copysign_(x, floats(2)),
      ldexp_: () => ops.ldexp_(x, floats(2)),
      heaviside_: () => ops.heaviside_(x, floats(2)),
      nextafter_: () => ops.nextafter_(x, floats(2)),
      floatPower_: () => ops.floatPower_(x, floats(2)),
    };
    for (const [name, call] of Object.entries(calls)) assert.throws(call, ShapeError, name);
    assert.deepEqual([x.itemSync(), n.itemSync()], [-2.5, 4]);
  });

  test("an integer is not overwritten by a float, nor float32 by powers of float64", () => {
    const x = integers(1n, 2n);
    for (const f of [ops.deg2rad_, ops.rad2deg_]) assert.throws(() => f(x), DTypeError);
    assert.throws(() => ops.copysign_(x, -1), DTypeError);
    assert.throws(() => ops.floatPower_(tensor([1, 2]), 2), DTypeError);
    assert.deepEqual(x.toArraySync(), [1, 2]);
  });
});

describe("dtypes", () => {
  // Of PyTorch 1.13: torch.finfo and torch.iinfo.
  test("have PyTorch's limits", () => {
    assert.deepEqual(ops.finfo(), {
      dtype: "float32",
      bits: 32,
      eps: 1.1920928955078125e-7,
      max: 3.4028234663852886e38,
      min: -3.4028234663852886e38,
      tiny: 1.1754943508222875e-38,
      smallestNormal: 1.1754943508222875e-38,
      resolution: 1e-6,
    });
    const half = ops.finfo("float16");
    assert.deepEqual(
      [half.bits, half.max, half.eps, half.tiny, half.resolution],
      [16, 65504, 0.0009765625, 6.103515625e-5, 0.001],
    );
    const brain = ops.finfo("bfloat16");
    assert.deepEqual(
      [brain.bits, brain.max, brain.eps, brain.tiny, brain.resolution],
      [16, 3.3895313892515355e38, 0.0078125, 1.1754943508222875e-38, 0.01],
    );
    const double = ops.finfo("float64");
    assert.deepEqual(
      [double.max, double.eps, double.tiny, double.resolution],
      [Number.MAX_VALUE, Number.EPSILON, 2.2250738585072014e-308, 1e-15],
    );
    assert.deepEqual(ops.iinfo("int32"), { dtype: "int32", bits: 32, max: 2147483647, min: -2147483648 });
    assert.deepEqual(ops.iinfo("int8"), { dtype: "int8", bits: 8, max: 127, min: -128 });
    assert.deepEqual(ops.iinfo("int16"), { dtype: "int16", bits: 16, max: 32767, min: -32768 });
    assert.deepEqual(ops.iinfo("uint8"), { dtype: "uint8", bits: 8, max: 255, min: 0 });
    assert.deepEqual(ops.iinfo("int64"), {
      dtype: "int64",
      bits: 64,
      max: 9223372036854775807n,
      min: -9223372036854775808n,
    });
  });

  test("of the other kind are refused", () => {
    assert.throws(() => ops.finfo("int32"), DTypeError);
    assert.throws(() => ops.iinfo("float32"), DTypeError);
    assert.throws(() => ops.iinfo("bool"), DTypeError);
  });
});
