/** Every function of linear algebra against PyTorch's own samples: values, gradients, and the names of nodes. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { linalg } from "flambeau";
import { checkAll } from "../database/samples.ts";
import { casesByOp, particulars, problemsOfNames } from "./samples.ts";

describe("linear algebra is PyTorch's", () => {
  for (const [op, list] of casesByOp) {
    for (const dtype of ["float64", "float32"] as const)
      test(`${op}, ${dtype}`, () => checkAll(list, { dtype, device: "cpu" }, particulars));
  }

  test("every function has samples of values and of gradients", () => {
    assert.deepEqual(problemsOfNames(Object.keys(linalg)), []);
  });
});
