import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { E, input, MapKernel } from "@flambeau/backend";
import { cpu } from "@flambeau/cpu-backend";
import fixture from "../../../tests/fixtures/special.json" with { type: "json" };
import { erfc } from "../src/interpreter/special.ts";
import { empty, operand, PLAIN, read } from "./support.ts";

function viaKernel(fn: "erf" | "erfinv", xs: readonly number[]): number[] {
  const out = empty("float64", [xs.length], PLAIN);
  cpu.map(
    new MapKernel(fn, 1, 0, [E[fn](input(0))]),
    "float64",
    [operand("float64", [xs.length], xs, PLAIN)],
    [],
    [out],
  );
  return read(out) as number[];
}

function assertClose(
  xs: readonly number[],
  actual: readonly number[],
  expected: readonly number[],
  tolerance: number,
): void {
  xs.forEach((x, i) => {
    const error = actual[i] === expected[i] ? 0 : Math.abs(actual[i] / expected[i] - 1);
    assert.ok(error <= tolerance, `at ${x}: ${actual[i]}, not ${expected[i]} (relative error ${error})`);
  });
}

const column = (rows: readonly (readonly number[])[], k: number): number[] => rows.map((row) => row[k]);

describe("special functions, against 60-digit arithmetic", () => {
  for (const fn of ["erf", "erfinv"] as const) {
    test(fn, () => {
      const xs = column(fixture[fn], 0);
      assertClose(xs, viaKernel(fn, xs), column(fixture[fn], 1), 1e-15);
    });
  }

  test("erfc keeps its precision in the tail", () => {
    const xs = column(fixture.erfc, 0);
    assertClose(xs, xs.map(erfc), column(fixture.erfc, 1), 2e-15);
  });

  test("ends and nan", () => {
    assert.deepEqual(viaKernel("erf", [Infinity, -Infinity, NaN, -0]), [1, -1, NaN, -0]);
    assert.deepEqual(viaKernel("erfinv", [1, -1, NaN, 1.5, -2, 0, -0]), [
      Infinity,
      -Infinity,
      NaN,
      NaN,
      NaN,
      0,
      -0,
    ]);
  });
});
