/** Shapes, views, construction, products with an addend and the real halves of complex functions, against PyTorch's samples. */
import { describe, test } from "node:test";
import { checkAll } from "./samples.ts";
import { casesByOp, particulars } from "./shapes.ts";

describe("shapes and products are PyTorch's", () => {
  for (const [op, list] of casesByOp) {
    for (const dtype of ["float64", "float32"] as const) {
      const some = list.filter(({ kwargs }) => (kwargs.dtype ?? dtype) === dtype);
      if (some.length > 0)
        test(`${op}, ${dtype}`, () => checkAll(some, { dtype, device: "cpu" }, particulars));
    }
  }
});
