/**
 * Every module and loss against PyTorch 1.13 (tools/fixtures/modules.py): text, state for a seed, output, gradients, buffers
 * afterwards, output in evaluation.
 */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import "@flambeau/autograd";
import { manualSeed, noGrad, rand, type Tensor } from "flambeau";
import { build, describeModule, inputsOf, type ModuleCase, moduleCases, outputsOf, seed } from "./modules.ts";
import { assertRecorded, backwardWeighted, recordedIn, snake, type Written } from "./record.ts";

/** Sums of a few dozen terms, and divisions by small deviations. */
const times = 4;

function assertAll(
  named: Iterable<readonly [string, Tensor | null]>,
  wanted: Readonly<Record<string, Written>>,
  what: string,
): void {
  // A key is PyTorch's, or its camelCase form.
  const found = new Map([...named].map(([key, value]) => [snake(key), value]));
  assert.deepEqual([...found.keys()], Object.keys(wanted), `the names of ${what}`);
  for (const [key, written] of Object.entries(wanted))
    assertRecorded(found.get(key), recordedIn(written, "float32"), `${what} ${key}`, times);
}

function assertOutputs(outputs: readonly Tensor[], wanted: readonly Written[], what: string): void {
  assert.equal(outputs.length, wanted.length, what);
  for (const [i, written] of wanted.entries())
    assertRecorded(outputs[i], recordedIn(written, "float32"), `${what} ${i}`, times);
}

function check(c: ModuleCase): void {
  manualSeed(seed);
  const module = build(c);
  assert.equal(String(module), c.text);
  assertAll(Object.entries(module.stateDict()), c.state, "state");
  assertRecorded(rand([2]), recordedIn(c.next, "float32"), "the next numbers");
  if (c.inputs === undefined) return;
  const { inputs, leaves } = inputsOf(c);
  manualSeed(seed);
  const outputs = outputsOf(module(...inputs));
  assertOutputs(outputs, c.out!, "output");
  backwardWeighted(outputs);
  assertOutputs(
    leaves.map((x) => x.grad!),
    c.grads!,
    "the gradient of input",
  );
  assertAll(
    module.namedParameters().map(([key, p]) => [key, p.grad] as const),
    c.parameters!,
    "gradient",
  );
  assertAll(module.namedBuffers(), c.buffers ?? {}, "buffer");
  module.eval();
  noGrad(() => assertOutputs(outputsOf(module(...inputs)), c.eval ?? c.out!, "output in evaluation"));
}

describe("modules are PyTorch's", () => {
  for (const c of moduleCases) test(describeModule(c), () => check(c));
  after(() => console.log(`counted: records: ${moduleCases.length} modules`));
});
