/** PyTorch's samples of indexed writes, scatters, scans, order and statistics (tools/fixtures/order_samples.py). */
import { indexPut, type Tensor } from "flambeau";
import fixture from "../../fixtures/order_samples.json" with { type: "json" };
import { casesByOpOf, type OpCase, type Particulars } from "./samples.ts";

export const casesByOp: ReadonlyMap<string, readonly OpCase[]> = casesByOpOf(fixture);

/** Ops whose result is not of PyTorch's one node: an assignment, or ops of other names. */
const isNamed = (op: string): boolean =>
  !/^(gradient|msort|nanquantile|index_put\.whole|.*trap.*|masked\..*)$/.test(op);

export const particulars: Particulars = {
  // null has no place in PyTorch's function.
  functions: { "index_put.whole": indexPut },
  // The edges of several dimensions are an array of their own.
  unique: (op, outs) =>
    op === "histogramdd" ? (outs as readonly (Tensor | readonly Tensor[])[]).flat() : outs,
  isNamed,
};
