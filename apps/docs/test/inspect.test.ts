import assert from "node:assert/strict";
import process from "node:process";
import { describe, test } from "node:test";
import util from "node:util";
import fc from "fast-check";
import { format, inspect } from "../notebook/inspect.ts";

// Node 24's text is the model; other versions and runtimes have their own.
const isModel = process.versions.node.startsWith("24.") && !("Bun" in globalThis) && !("Deno" in globalThis);

describe("what cells print", () => {
  test("numbers, strings and what holds them", () => {
    assert.equal(format(["a", 1, -0, 2n, null, undefined]), "a 1 -0 2n null undefined");
    assert.equal(format(["%s is %d", "a", 3, [1]]), "a is 3 [ 1 ]");
    assert.equal(
      format([{ a: [1, { b: "it's" }], "c-d": true }]),
      "{ a: [ 1, { b: \"it's\" } ], 'c-d': true }",
    );
    assert.equal(inspect(new Float32Array([1.5, 2])), "Float32Array(2) [ 1.5, 2 ]");
    assert.equal(inspect(Array.from({ length: 8 }, (_, i) => i)), "[\n  0, 1, 2, 3,\n  4, 5, 6, 7\n]");
  });

  test("classes, functions, and what holds itself", () => {
    class Point {
      x = 1;
    }
    const circle: { self?: object } = {};
    circle.self = circle;
    assert.equal(format([new Point(), Point, Math.max]), "Point { x: 1 } [class Point] [Function: max]");
    assert.equal(inspect(circle), "<ref *1> { self: [Circular *1] }");
  });

  test("a text of its own is indented with what holds it", () => {
    const custom = { [Symbol.for("nodejs.util.inspect.custom")]: () => "tensor([[1.],\n        [2.]])" };
    assert.equal(inspect({ w: custom }), "{\n  w: tensor([[1.],\n          [2.]])\n}");
    assert.equal(inspect([custom], new Map([[custom, "far"]])), "[ far ]");
  });

  test("is Node's text for any value", { skip: !isModel && "needs Node 24 to compare with" }, () => {
    const options = {
      withBigInt: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withSparseArray: true,
      withNullPrototype: true,
      withDate: true,
      maxDepth: 5,
    };
    fc.assert(
      fc.property(fc.anything(options), (value) => assert.equal(inspect(value), util.inspect(value))),
      { numRuns: 500, examples: [[{ ["__proto__"]: 1 }], [{ a: { ["__proto__"]: null } }]] },
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.double(), fc.integer(), fc.string()), { maxLength: 130 }), (value) =>
        assert.equal(format(["list", value]), util.format("list", value)),
      ),
    );
  });
});
