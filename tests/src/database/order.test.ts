/** Indexed writes, scatters, scans, order and statistics against PyTorch's own samples: values, gradients, and the names of nodes. */
import { describe, test } from "node:test";
import { casesByOp, particulars } from "./order.ts";
import { checkAll } from "./samples.ts";

describe("indexed writes, scans and order are PyTorch's", () => {
  for (const [op, list] of casesByOp) {
    for (const dtype of ["float64", "float32"] as const)
      test(`${op}, ${dtype}`, () => checkAll(list, { dtype, device: "cpu" }, particulars));
  }
});
