/** Errors: one root, a class for each kind, told apart by class and by name. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as backend from "@flambeau/backend";

type ErrorClass = new (message?: string, options?: { cause?: unknown }) => Error;

const { FlambeauError } = backend;
const classes = Object.entries(backend).filter(([name]) => name.endsWith("Error")) as [string, ErrorClass][];

test("there are those that are documented", () => {
  assert.deepEqual(classes.map(([name]) => name).sort(), [
    ...[
      "ArgumentError",
      "AutogradError",
      "DTypeError",
      "DeviceError",
      "FlambeauError",
      "IndexError",
      "LinAlgError",
      "ShapeError",
      "ValueError",
    ],
  ]);
});

for (const [name, Kind] of classes) {
  test(`a ${name} is one, has its name, message and cause, and is of no other kind`, () => {
    const cause = new Error("below");
    const error = new Kind("what was wrong", { cause });
    assert.ok(error instanceof Error && error instanceof FlambeauError && error instanceof Kind);
    assert.deepEqual([error.name, error.message, error.cause], [name, "what was wrong", cause]);
    assert.equal(String(error), `${name}: what was wrong`);
    assert.match(error.stack as string, /errors\.test/);
    for (const [, Other] of classes) {
      // What is wrong with a matrix is wrong with a value.
      const isBase = Other === FlambeauError || (name === "LinAlgError" && Other.name === "ValueError");
      if (Other !== Kind && !isBase) assert.equal(error instanceof Other, false, Other.name);
    }
    assert.throws(() => {
      throw error;
    }, Kind);
  });
}

test("errors of JavaScript are none of them", () => {
  for (const error of [new Error(), new TypeError(), new RangeError()])
    assert.equal(error instanceof FlambeauError, false);
});
