/** Forgetting fails: nothing that the public API has goes without PyTorch's values, a gradient check and a record. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as T from "@flambeau/tensor";
import * as flambeau from "flambeau";
import { apart } from "./apart.ts";
import { problemsOf } from "./completeness.ts";
import { isNamespace } from "./names.ts";
import { opCases } from "./ops.ts";
import { tables } from "./tables.ts";

describe("everything is there", () => {
  for (const { title, file, ...table } of tables) {
    test(`a ${title} for every name (${file})`, () => assert.deepEqual(problemsOf(table), []));
  }

  test("every namespace has a table", () => {
    const namespacesOf = (table: object): string[] =>
      Object.entries(table).flatMap(([name, value]) => (isNamespace(value) ? [name] : []));
    const here = namespacesOf(flambeau);
    const problems = problemsOf({
      names: here,
      // Those of tensor are among the operations.
      table: [
        "F",
        "data",
        "datasets",
        "distributions",
        "metrics",
        "masked",
        "nn",
        "optim",
        "special",
        ...namespacesOf(T).filter((name) => here.includes(name)),
      ],
      without: { "draws figures": ["plot"], "opens a device": ["webgpu"] },
      say: (name) => `${name} has no table of records: add one to tests/src/records/tables.ts`,
    });
    assert.deepEqual(problems, []);
  });

  test("cases that are not as in PyTorch are cases", () => {
    for (const { op, when, reason } of apart)
      assert.ok(
        opCases.some((c) => c.op === op && when(c)),
        `${op}: ${reason}`,
      );
  });
});

describe("and is missed when it is not", () => {
  for (const { title, file, ...table } of tables) {
    test(`a ${title}, taken away name by name (${file})`, () => {
      const all = [...new Set(table.table)];
      assert.ok(all.length > 0);
      for (const name of all) {
        const problems = problemsOf({ ...table, table: all.filter((other) => other !== name) });
        assert.equal(problems.length, 1, name);
        assert.ok(problems[0].includes(name) && problems[0].includes(file), problems[0]);
      }
    });
  }

  const small = {
    names: ["sinc", "exp", "seed"],
    table: ["sinc", "exp"],
    without: { "a setting": ["seed"] },
    say: (name: string): string => `${name} has no value: add it to here.py and run it`,
  };
  const found = (change: Partial<typeof small>): string[] => problemsOf({ ...small, ...change });

  test("a name without an entry", () => {
    assert.deepEqual(found({}), []);
    assert.deepEqual(found({ table: ["exp"] }), ["sinc has no value: add it to here.py and run it"]);
    assert.deepEqual(found({ without: {} as never }), ["seed has no value: add it to here.py and run it"]);
    assert.deepEqual(found({ names: [...small.names, "cos"] }), [
      "cos has no value: add it to here.py and run it",
    ]);
  });

  test("an entry or an exception of no name, and an exception that has an entry", () => {
    assert.deepEqual(found({ table: ["sinc", "exp", "sine"] }), [
      "sine has an entry, and there is no such name",
    ]);
    assert.deepEqual(found({ names: ["sinc", "exp"] }), [
      "seed is excepted (a setting), and there is no such name",
    ]);
    assert.deepEqual(found({ table: ["sinc", "exp", "seed"] }), [
      "seed is excepted (a setting), and has an entry all the same",
    ]);
  });
});
