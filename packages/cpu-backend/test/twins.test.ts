import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readTwin, twinOf, twins } from "../../../tools/twins.ts";

describe("the float32 twins of the hot loops", () => {
  for (const [folder, name] of twins) {
    test(`${name} is what its original says`, () =>
      assert.equal(readTwin(folder, name), twinOf(folder, name)));
  }
});
