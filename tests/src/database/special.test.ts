/** Every special function against PyTorch's own samples: values, gradients, and the names of nodes. */
import { describe, test } from "node:test";
import { checkAll } from "./samples.ts";
import { casesByOp, particulars } from "./special-samples.ts";

describe("special functions are PyTorch's", () => {
  for (const [op, list] of casesByOp) {
    for (const dtype of ["float64", "float32"] as const)
      test(`${op}, ${dtype}`, () => checkAll(list, { dtype, device: "cpu" }, particulars));
  }
});
