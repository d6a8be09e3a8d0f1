/** Every rarer elementwise function against PyTorch's own samples: values, gradients, and the names of nodes. */
import { describe, test } from "node:test";
import { casesByOp, particulars } from "./elementwise-samples.ts";
import { checkAll } from "./samples.ts";

describe("elementwise functions are PyTorch's", () => {
  for (const [op, list] of casesByOp) {
    // Its results are float64 whatever the operands are.
    const dtypes = op === "float_power" ? (["float64"] as const) : (["float64", "float32"] as const);
    for (const dtype of dtypes)
      test(`${op}, ${dtype}`, () => checkAll(list, { dtype, device: "cpu" }, particulars));
  }
});
