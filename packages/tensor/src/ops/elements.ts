/**
 * Elements written over a tensor's, without recording.
 *
 * @module
 * @internal
 */
import { type DType, input, MapKernel, param, promote } from "@flambeau/backend";
import { kernelParam } from "../dispatch/elementwise.ts";
import { checkHolds } from "../promotion.ts";
import type { Scalar, Tensor } from "../tensor.ts";

const identity = new MapKernel("copy", 1, 0, [input(0)]);

const constant = new MapKernel("fill", 0, 1, [param(0)]);

/** The dtype to convert in: the wider of the two, so that nothing is lost before the last step. */
function between(from: DType, to: DType): DType {
  const wide = promote(from, to);
  return wide === "bool" ? "uint8" : wide;
}

/** Writes the elements of `source` over those of `target`; `source` broadcasts. */
export function copyInto(target: Tensor, source: Tensor): void {
  target.storage.backend.map(identity, between(source.dtype, target.dtype), [source], [], [target]);
}

/**
 * Writes one value over all elements.
 *
 * @throws ValueError when the dtype cannot hold it.
 */
export function fillInto(target: Tensor, value: Scalar): void {
  checkHolds("fill", target.dtype, value);
  const compute = target.dtype === "bool" ? "float32" : target.dtype;
  target.storage.backend.map(constant, compute, [], [kernelParam(value, compute)], [target]);
}
