/** PyTorch's samples of shapes, products with an addend and real halves (tools/fixtures/shape_samples.py). */
import fixture from "../../fixtures/shape_samples.json" with { type: "json" };
import { casesByOpOf, type OpCase, type Particulars } from "./samples.ts";

export const casesByOp: ReadonlyMap<string, readonly OpCase[]> = casesByOpOf(fixture);

/** Whether PyTorch has the op as one: of others the last of several names the result, and copies of views have a name of their own. */
const isNamed = (op: string): boolean => !/_copy$|^(deg2rad|rad2deg)$/.test(op);

export const particulars: Particulars = { isNamed };
