import assert from "node:assert/strict";
import { test } from "node:test";
import { drawnSection, writtenSection } from "../../tools/projects/table.ts";

test("the install guide's table is that of the projects (npm run docs:projects)", () => {
  assert.equal(writtenSection(), drawnSection());
});
