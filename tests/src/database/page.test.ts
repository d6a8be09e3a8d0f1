/** The page of ops has a row for every op of PyTorch's database, and says where each is. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { placeOf } from "../../../tools/ops/rows.ts";
import database from "../../fixtures/op_database.json" with { type: "json" };

test("docs/ops.md says what there is (npm run docs:ops)", () => {
  const page = readFileSync(new URL("../../../docs/ops.md", import.meta.url), "utf8");
  const written = page.split("\n").flatMap((line) => /^\| `([^`]+)` \| (?:`([^`]+)`|—)/.exec(line) ?? []);
  const rows = Array.from({ length: written.length / 3 }, (_, i) => [
    written[3 * i + 1].replace(/^F\./, "nn.functional."),
    written[3 * i + 2] ?? null,
  ]);
  assert.deepEqual(
    rows,
    Object.keys(database.ops).map((op) => [op, placeOf(op)]),
  );
});
