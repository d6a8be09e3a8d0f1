/** Every primitive goes through the place where hooks see ops, and gives there what it gives to the caller. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { elementwiseRules, structuralRules } from "@flambeau/autograd";
import * as nn from "@flambeau/nn";
import { registerOpHook, zeros } from "@flambeau/tensor";
import fc from "fast-check";
import { samples } from "../samples/index.ts";
import { Probe } from "./check.ts";

test("hooks see every op that has a rule", () => {
  const seen = new Set<string>();
  const handle = registerOpHook((call, execute) => {
    const outputs = execute();
    assert.ok(outputs.length > 0 || call.inputs.length > 0, call.name);
    if (call.kind === "write") assert.equal(outputs[0], call.inputs[0], call.name);
    seen.add(call.name);
  });
  try {
    for (const { cases } of samples)
      for (const c of fc.sample(cases, { numRuns: 3, seed: 1 }))
        new Probe(c).run(
          c.inputs.map((input) => input.values),
          false,
        );
    new nn.Conv2d(1, 1, 2)(zeros([1, 1, 3, 3]))
      .sum()
      .backward();
  } finally {
    handle.remove();
  }
  // The one op that needs a second device.
  seen.add("transfer");
  const names = [...Object.keys(elementwiseRules), ...Object.keys(structuralRules)];
  assert.deepEqual(
    names.filter((name) => !seen.has(name)),
    [],
  );
});
