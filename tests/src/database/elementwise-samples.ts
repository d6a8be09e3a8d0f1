/** PyTorch's samples of rarer elementwise functions (tools/fixtures/elementwise_samples.py), and what is particular to them. */
import fixture from "../../fixtures/elementwise_samples.json" with { type: "json" };
import { casesByOpOf, type OpCase, type Particulars } from "./samples.ts";

export const casesByOp: ReadonlyMap<string, readonly OpCase[]> = casesByOpOf(fixture);

export const particulars: Particulars = { isNamed: () => true };
