/** Calls of the functions on lines, planes and volumes that have come after convolution and pooling of planes. */
import { functional as F } from "@flambeau/nn";
import type * as T from "@flambeau/tensor";
import fc from "fast-check";
import { between } from "../samples/input.ts";
import { type Case, onTensors } from "../samples/sample.ts";

type Cases = fc.Arbitrary<Case>;
const real = between(-2, 2);

/** One of several calls on tensors of given shapes. */
const given = (
  shapes: readonly (readonly number[])[],
  ...calls: readonly ((...x: T.Tensor[]) => T.Tensor)[]
): Cases =>
  fc
    .constantFrom(...calls)
    .chain((call) => onTensors([real], fc.constant(shapes.map((shape) => [...shape])), call, String(call)));

export const planeCases: Readonly<Record<string, Cases>> = {
  convTranspose1d: given(
    [[1, 2, 3], [2, 1, 2], [2]],
    (x, w, b) => F.convTranspose1d(x, w, b, { stride: 2, groups: 2, outputPadding: 1 }),
    (x, w) => F.convTranspose1d(x, w, null, { padding: 1, dilation: 2 }),
  ),
  convTranspose2d: given(
    [[1, 2, 2, 3], [2, 1, 2, 2], [2]],
    (x, w, b) => F.convTranspose2d(x, w, b, { stride: 2, groups: 2, outputPadding: [1, 0] }),
    (x, w) => F.convTranspose2d(x, w, null, { padding: 1, dilation: [1, 2] }),
  ),
  convTranspose3d: given(
    [[1, 2, 2, 1, 2], [2, 1, 2, 1, 2], [2]],
    (x, w, b) => F.convTranspose3d(x, w, b, { stride: 2, groups: 2, outputPadding: [1, 0, 0] }),
    (x, w) => F.convTranspose3d(x, w, null, { padding: [1, 0, 0], dilation: [2, 1, 1] }),
  ),
  conv3d: given(
    [[1, 2, 2, 1, 2], [2, 1, 2, 1, 2], [2]],
    (x, w, b) => F.conv3d(x, w, b, { stride: 2, groups: 2, padding: [1, 0, 0] }),
    (x, w) => F.conv3d(x, w, null, { padding: 1, dilation: [2, 1, 1], groups: 2 }),
  ),
};
