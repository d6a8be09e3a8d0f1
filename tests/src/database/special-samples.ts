/** PyTorch's samples of special functions (tools/fixtures/special_samples.py), and what is particular to them. */
import { special, type Tensor } from "flambeau";
import fixture from "../../fixtures/special_samples.json" with { type: "json" };
import { casesByOpOf, type OpCase, type Particulars } from "./samples.ts";

export const casesByOp: ReadonlyMap<string, readonly OpCase[]> = casesByOpOf(fixture);

// The database has the order of a polygamma function second.
const polygamma = (x: Tensor, n: number): Tensor => special.polygamma(n, x);

export const particulars: Particulars = {
  functions: { polygamma, "special.polygamma": polygamma },
  // In the middle PyTorch 1.13 has no more digits; packages/special/test/values.test.ts compares with those that have all.
  digits: (op) => (op === "special.airy_ai" ? 1e-5 : /\.bessel/.test(op) ? 1e-6 : 1e-9),
  // PyTorch makes these of several ops.
  isNamed: (op) => !/ndtr$|logit|log_softmax|logsumexp|exp2|round/.test(op) || op === "special.log_ndtr",
};
