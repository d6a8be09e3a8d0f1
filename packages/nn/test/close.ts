import assert from "node:assert/strict";
import type { Tensor } from "@flambeau/tensor";

/** What a fixture holds: numbers, nested, with nan and infinities as strings. */
export type Values = number | string | readonly Values[];

export function numbersOf(x: Values): number[] {
  if (Array.isArray(x)) return x.flatMap(numbersOf);
  return [
    x === "nan"
      ? Number.NaN
      : x === "inf"
        ? Number.POSITIVE_INFINITY
        : x === "-inf"
          ? Number.NEGATIVE_INFINITY
          : Number(x),
  ];
}

/** Every element within a tolerance that is relative to elements above one. */
export function assertClose(actual: Tensor | null, expected: Values, tolerance: number, what: string): void {
  assert.ok(actual !== null, `${what}: there is no tensor`);
  const want = numbersOf(expected);
  const got = Array.from(actual.dataSync(), Number);
  assert.equal(got.length, want.length, `${what}: number of elements`);
  for (let i = 0; i < want.length; i++) {
    if (Object.is(got[i], want[i]) || got[i] === want[i]) continue;
    const off = Math.abs(got[i] - want[i]);
    assert.ok(
      off <= tolerance * Math.max(1, Math.abs(want[i])),
      `${what}: element ${i} is ${got[i]}, expected ${want[i]}`,
    );
  }
}
