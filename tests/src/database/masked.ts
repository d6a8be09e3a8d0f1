/** PyTorch's samples of torch.masked (tools/fixtures/masked_samples.py). */
import fixture from "../../fixtures/masked_samples.json" with { type: "json" };
import { casesByOpOf, type OpCase } from "./samples.ts";

export const casesByOp: ReadonlyMap<string, readonly OpCase[]> = casesByOpOf(fixture);
