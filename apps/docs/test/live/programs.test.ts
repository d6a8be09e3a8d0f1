import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../build/paths.ts";
import { programs } from "../../build/programs.ts";

test("every program has a page with the whole of both sources, and its README", () => {
  const all = programs();
  assert.equal(all.length, 12);
  for (const { name, title, content } of all) {
    assert.ok(content.startsWith(`# ${title}\n`), name);
    for (const file of ["main.ts", "main.py"]) {
      const source = readFileSync(join(root, "examples", name, file), "utf8").trim();
      assert.ok(content.includes(source), `${name}/${file}`);
    }
    assert.match(content, new RegExp(`npm run example ${name}`));
  }
});
