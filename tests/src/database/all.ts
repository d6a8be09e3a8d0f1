/** All of PyTorch's samples that are compared with, by the fixtures that they are in. */
import * as linalg from "../linalg/samples.ts";
import * as elementwise from "./elementwise-samples.ts";
import * as masked from "./masked.ts";
import * as order from "./order.ts";
import * as others from "./others.ts";
import type { OpCase, Particulars } from "./samples.ts";
import * as shapes from "./shapes.ts";
import * as special from "./special-samples.ts";

/** Cases of one op, and how they are run. */
export interface Samples {
  readonly cases: readonly OpCase[];
  readonly particulars: Particulars;
}

/** By the op's name in PyTorch's database. */
export const samplesByOp: ReadonlyMap<string, Samples> = new Map(
  [elementwise, linalg, { ...masked, particulars: {} }, order, others, shapes, special].flatMap(
    ({ casesByOp, particulars }) =>
      [...casesByOp].map(([op, cases]): [string, Samples] => [op, { cases, particulars }]),
  ),
);
