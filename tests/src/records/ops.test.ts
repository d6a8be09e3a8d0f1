/**
 * Every public operation against PyTorch 1.13 (tools/fixtures/ops.py): results, dtypes, gradients and refusals, in each form
 * that the API has (function, method, in place), in both float dtypes and in several memory layouts.
 */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import "@flambeau/autograd";
import { FlambeauError } from "@flambeau/backend";
import { manualSeed } from "@flambeau/tensor";
import { reasonApart } from "./apart.ts";
import { type Form, formsOf, type OpCase, opCases, pool } from "./ops.ts";
import { Arguments, assertRecorded, backwardWeighted, recordedIn, type Way } from "./record.ts";

const ways: readonly Way[] = [
  { float: "float64", layout: "contiguous" },
  { float: "float64", layout: "transposed" },
  { float: "float64", layout: "strided" },
  { float: "float32", layout: "contiguous" },
];
/** They see the memory itself, which is another in each layout: PyTorch has recorded contiguous tensors. */
const ofMemory = new Set([
  ...["asStrided", "view", "viewAs", "stride", "isContiguous", "numpy"],
  // Filled in the order of their memory.
  ...["randLike", "randnLike", "randintLike"],
]);

const byName = new Map<string, OpCase[]>();
for (const c of opCases) byName.set(c.op, [...(byName.get(c.op) ?? []), c]);
let calls = 0;

describe("operations are PyTorch's", () => {
  for (const [op, list] of byName) {
    test(op, async () => {
      const failures: string[] = [];
      for (const c of list) {
        const problems = await problemsOf(c, ofMemory.has(op) ? ways.slice(0, 1) : ways);
        const reason = reasonApart(c);
        if (reason === undefined) failures.push(...problems);
        else if (problems.length === 0)
          failures.push(`${describeCall(c)} is as in PyTorch now: take it off apart.ts`);
      }
      if (failures.length > 0) assert.fail(failures.join("\n"));
    });
  }
  after(() => console.log(`counted: records: ${byName.size} ops, ${opCases.length} cases, ${calls} calls`));
});

/** What is wrong with a case: a line for each form that gives something else. */
async function problemsOf(c: OpCase, all: readonly Way[]): Promise<string[]> {
  const problems: string[] = [];
  for (const form of formsOf(c)) {
    for (const way of all) {
      try {
        calls++;
        await check(c, form, way);
      } catch (error) {
        problems.push(
          `${form.name}: ${describeCall(c)} ${way.float} ${way.layout}: ${(error as Error).message}`,
        );
        break;
      }
    }
  }
  return problems;
}

async function check(c: OpCase, form: Form, way: Way): Promise<void> {
  const given = new Arguments(pool, way);
  const args = c.args.map((arg) => given.read(arg));
  if (c.raises !== undefined) {
    await assert.rejects(async () => form.call(...args), FlambeauError);
    return;
  }
  if (c.seed !== undefined) manualSeed(c.seed);
  const result = await form.call(...args);
  if ("value" in c) {
    assert.deepEqual(plain(result), plain(given.read(c.value)));
    return;
  }
  const outputs = c.all === undefined ? [result] : partsOf(result);
  const wanted = c.all ?? [c.out!];
  assert.equal(outputs.length, wanted.length);
  for (const [i, written] of wanted.entries())
    assertRecorded(
      outputs[i],
      recordedIn(written, way.float),
      wanted.length > 1 ? `output ${i}` : "the output",
    );
  if (c.grads === undefined) return;
  backwardWeighted(outputs);
  for (const [i, written] of c.grads.entries()) {
    const { grad } = given.leaves[i];
    if (written === null) assert.equal(grad, null, `the gradient of input ${i}`);
    else assertRecorded(grad, recordedIn(written, way.float), `the gradient of input ${i}`, 4);
  }
}

/** The tensors of a result: an array, or an object with names for them. */
function partsOf(result: unknown): unknown[] {
  return Array.isArray(result) ? result : Object.values(result as object);
}

/** Typed arrays and nested ones as arrays of numbers and booleans. */
function plain(x: unknown): unknown {
  return ArrayBuffer.isView(x) ? Array.from(x as Float64Array, Number) : x;
}

function describeCall(c: OpCase): string {
  const args = JSON.stringify(c.args, (_, x) => {
    const number = x?.t ?? x?.x;
    return number === undefined ? x : `${pool[number][0]} [${pool[number][1]}]`;
  });
  return `${c.op}${args.replaceAll('"', "")}`;
}
