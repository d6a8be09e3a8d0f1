/** A few of PyTorch's own samples of every op that has no test of samples of its own: values, dtypes and gradients. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { casesByOp, particulars, reasonApart } from "./others.ts";
import { check, checkAll } from "./samples.ts";

describe("all other ops are PyTorch's", () => {
  for (const [op, list] of casesByOp) {
    // Counts by weights are float64 whatever the weights are.
    const dtypes = op === "bincount" ? (["float64"] as const) : (["float64", "float32"] as const);
    for (const dtype of dtypes) {
      const some = list.filter((c) => (c.kwargs.dtype ?? dtype) === dtype && reasonApart(c) === undefined);
      if (some.length > 0)
        test(`${op}, ${dtype}`, () => checkAll(some, { dtype, device: "cpu" }, particulars));
    }
  }
});

test("what is said not to be PyTorch's is not", async () => {
  const cases = [...casesByOp.values()].flat().filter((c) => reasonApart(c) !== undefined);
  assert.ok(cases.length > 0);
  for (const c of cases)
    await assert.rejects(
      check(c, { dtype: "float64", device: "cpu" }, particulars),
      `${c.op}: ${reasonApart(c)}`,
    );
});
