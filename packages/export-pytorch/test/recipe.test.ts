import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { setting } from "../../../tests/src/setting.ts";
import { pyTorchProject } from "../src/index.ts";
import { call, layOut, list, literal, named, plain } from "../src/literal.ts";
import { makeCase, names } from "./cases.ts";

/** `FLAMBEAU_KEEP=1` writes what is kept anew. */
const isKeeping = setting("FLAMBEAU_KEEP") === "1";

describe("recipe.py", () => {
  for (const name of names)
    test(name, async () => {
      const { model, training } = makeCase(name);
      const files = await pyTorchProject(model, { ...training, paritySteps: 1 });
      const recipe = new TextDecoder().decode(files.get("recipe.py"));
      const file = `${name.replace(/\W+/g, "-").toLowerCase()}.py`;
      const kept = fileURLToPath(new URL(`expected/${file}`, import.meta.url).href);
      if (isKeeping) writeFileSync(kept, recipe);
      assert.equal(recipe, readFileSync(kept, "utf8"));
    });
});

describe("literals and calls", () => {
  test("numbers are written as Python prints them", () => {
    const numbers = [0, -0, 1, 0.1, 1e-4, 1e-5, 2.5e-10, 1e16, 1e-100, Infinity, -Infinity, Number.NaN];
    assert.deepEqual(numbers.map(literal), [
      ...["0", "0", "1", "0.1", "0.0001", "1e-05", "2.5e-10", "1e+16", "1e-100"],
      ...['float("inf")', '-float("inf")', 'float("nan")'],
    ]);
    assert.deepEqual([null, true, "a", [0.9, 0.999], [1]].map(literal), [
      ...["None", "True", '"a"', "(0.9, 0.999)", "(1,)"],
    ]);
  });

  test("a call is on one line, its arguments on one, or each on one", () => {
    const args = (count: number): ReturnType<typeof named>[] =>
      Array.from({ length: count }, (_, i) => named(`argument_${i}`, String(i)));
    assert.equal(layOut("    return ", call("f", args(2))), "    return f(argument_0=0, argument_1=1)");
    assert.equal(
      layOut("    return ", call("a_rather_long_name", args(5))),
      "    return a_rather_long_name(\n        argument_0=0, argument_1=1, argument_2=2, argument_3=3, argument_4=4\n    )",
    );
    assert.equal(
      layOut("x = ", call("f", [plain(list(["1", "2"])), ...args(6)])),
      `x = f(\n    [1, 2],\n${[0, 1, 2, 3, 4, 5].map((i) => `    argument_${i}=${i},\n`).join("")})`,
    );
  });
});
