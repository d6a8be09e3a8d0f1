/** torch.masked against PyTorch's own samples: values and gradients. */
import { describe, test } from "node:test";
import { casesByOp } from "./masked.ts";
import { checkAll } from "./samples.ts";

describe("torch.masked is PyTorch's", () => {
  for (const [op, list] of casesByOp) {
    for (const dtype of ["float64", "float32"] as const)
      test(`${op}, ${dtype}`, () => checkAll(list, { dtype, device: "cpu" }));
  }
});
