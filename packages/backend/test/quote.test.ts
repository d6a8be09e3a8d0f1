import assert from "node:assert/strict";
import { test } from "node:test";
import { quote } from "@flambeau/backend";

class Point {
  x = 1;
}

const itself: unknown[] = [];
itself.push(itself);
const thrower = {
  get x(): number {
    throw new Error("no");
  },
};

const texts: readonly [unknown, string][] = [
  ["2", '"2"'],
  [2, "2"],
  [-0, "-0"],
  [Number.NaN, "NaN"],
  [2n, "2n"],
  [true, "true"],
  [null, "null"],
  [undefined, "undefined"],
  ['a "b"\n', '"a \\"b\\"\\n"'],
  [[1, "a", [2n, null]], '[1, "a", [2n, null]]'],
  [[], "[]"],
  [{}, "{}"],
  [{ diagonal: 1, deep: { mode: "x" } }, '{ diagonal: 1, deep: { mode: "x" } }'],
  [Object.create(null), "{}"],
  [new Point(), "a Point"],
  [new Float32Array(2), "a Float32Array"],
  [new Int32Array(2), "an Int32Array"],
  [new ArrayBuffer(2), "an ArrayBuffer"],
  [new Map(), "a Map"],
  [() => 1, "a function"],
  [Point, "a function"],
  [Symbol("s"), "Symbol(s)"],
  [thrower, "an object"],
];

texts.forEach(([value, text], i) => {
  test(`${i}: quotes as ${text}`, () => assert.equal(quote(value), text));
});

test("cuts what is long, before it is all made text", () => {
  const long: readonly [unknown, string][] = [
    ["x".repeat(200_000), `"${"x".repeat(99)}…`],
    [new Array(200_000).fill(1), `[${"1, ".repeat(33)}…`],
    [10n ** 300n, `1${"0".repeat(99)}…`],
    [itself, `${"[".repeat(100)}…`],
    [{ ["k".repeat(300)]: 1 }, `{ ${"k".repeat(98)}…`],
  ];
  for (const [value, text] of long) assert.equal(quote(value), text);
  assert.equal(quote("x".repeat(98)).length, 100);
});
