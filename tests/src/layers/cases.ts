/**
 * Calls of the functions of nn in every layout, by name and, after it, what is special: those on windows and the norms here,
 * the others beside. The ops below them have samples of their own in tests/src/samples/.
 */
import { functional as F } from "@flambeau/nn";
import * as T from "@flambeau/tensor";
import fc from "fast-check";
import { between } from "../samples/input.ts";
import { beside, type Case, onDistinct, onTensors } from "../samples/sample.ts";
import { functionCases } from "./functions.ts";
import { lossCases } from "./losses.ts";
import { planeCases } from "./planes.ts";

type Cases = fc.Arbitrary<Case>;
const real = between(-2, 2);
const pair = (min: number, max: number): fc.Arbitrary<[number, number]> =>
  fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }));

/** Convolutions that fit on small images, with and without overlap, gaps, padding and groups; batches of none, too. */
const images = fc
  .record({
    n: fc.nat(2),
    groups: fc.integer({ min: 1, max: 2 }),
    inEach: fc.integer({ min: 1, max: 2 }),
    outEach: fc.integer({ min: 1, max: 2 }),
    kernel: pair(1, 2),
    stride: pair(1, 2),
    padding: pair(0, 1),
    dilation: pair(1, 2),
    size: pair(1, 4),
  })
  .map(({ n, groups, inEach, outEach, kernel, stride, padding, dilation, size }) => {
    const fit = (i: number): number => Math.max(size[i], dilation[i] * (kernel[i] - 1) + 1 - 2 * padding[i]);
    return {
      x: [n, inEach * groups, fit(0), fit(1)],
      w: [outEach * groups, inEach, ...kernel],
      b: [outEach * groups],
      options: { stride, padding, dilation, groups },
    };
  });

const lines = fc.record({
  stride: fc.integer({ min: 1, max: 2 }),
  dilation: fc.integer({ min: 1, max: 2 }),
  padding: fc.constantFrom<(number | "same" | "valid")[]>(0, 1, "same", "valid"),
});

/** A norm of an input with a weight and a bias, one of them, or none. */
function norm(
  x: readonly number[],
  each: readonly number[],
  call: (x: T.Tensor, affine: F.NormOptions) => T.Tensor,
): Cases {
  return fc.tuple(fc.boolean(), fc.boolean()).chain(([w, b]) =>
    onTensors(
      [real],
      fc.constant([x, ...(w ? [each] : []), ...(b ? [each] : [])]),
      // The epsilon is not so small that a part with little deviation is too steep for finite differences.
      (input, ...rest) =>
        call(input, { eps: 0.25, weight: w ? rest[0] : null, bias: b ? rest[rest.length - 1] : null }),
      `weight ${w}, bias ${b}`,
    ),
  );
}

/** Running statistics where and as the input is. */
const running = (x: T.Tensor): T.Tensor => T.tensor([0.5, -0.25], { dtype: x.dtype, device: x.device });

export const layerCases: Readonly<Record<string, Cases>> = {
  ...functionCases,
  ...lossCases,
  ...planeCases,
  conv2d: images.chain(({ x, w, b, options }) =>
    onTensors(
      [real],
      fc.constantFrom([x, w, b], [x, w]),
      (image, weight, bias) => F.conv2d(image, weight, bias, options),
      JSON.stringify(options),
    ),
  ),
  "conv2d without a batch": images.chain(({ x, w, options }) =>
    onTensors(
      [real],
      fc.constant([x.slice(1), w]),
      (image, weight) => F.conv2d(image, weight, null, options),
      JSON.stringify(options),
    ),
  ),
  conv1d: lines.chain((o) =>
    onTensors(
      [real],
      fc.constantFrom([[2, 2, 5], [3, 2, 2], [3]], [[2, 5], [3, 2, 2], [3]]),
      (x, w, b) => F.conv1d(x, w, b, { ...o, stride: o.padding === "same" ? 1 : o.stride }),
      JSON.stringify(o),
    ),
  ),
  maxPool2d: onDistinct(real, { minDims: 3, maxDims: 4, minSize: 2, empty: false }, () =>
    fc
      .record({ stride: pair(1, 2), padding: pair(0, 1), ceilMode: fc.boolean() })
      .map((o) => [JSON.stringify(o), (x) => F.maxPool2d(x, 2, o).square()]),
  ),
  maxPool1d: onDistinct(real, { minDims: 2, maxDims: 3, minSize: 2, empty: false }, () =>
    fc
      .record({ stride: fc.integer({ min: 1, max: 2 }), ceilMode: fc.boolean() })
      .map((o) => [JSON.stringify(o), (x) => F.maxPool1d(x, 2, o).square()]),
  ),
  avgPool2d: fc
    .record({
      stride: pair(1, 2),
      padding: pair(0, 1),
      ceilMode: fc.boolean(),
      countIncludePad: fc.boolean(),
    })
    .chain((o) =>
      onTensors(
        [real],
        fc.constantFrom([[2, 3, 4]], [[1, 2, 3, 3]]),
        (x) => F.avgPool2d(x, 2, o).square(),
        JSON.stringify(o),
      ),
    ),
  avgPool1d: fc
    .record({
      stride: fc.integer({ min: 1, max: 2 }),
      padding: fc.integer({ min: 0, max: 1 }),
      ceilMode: fc.boolean(),
      countIncludePad: fc.boolean(),
    })
    .chain((o) =>
      onTensors(
        [real],
        fc.constantFrom([[2, 4]], [[1, 2, 3]]),
        (x) => F.avgPool1d(x, 2, o).square(),
        JSON.stringify(o),
      ),
    ),
  adaptiveAvgPool1d: fc
    .integer({ min: 1, max: 4 })
    .chain((to) =>
      onTensors(
        [real],
        fc.constantFrom([[2, 3]], [[1, 2, 4]]),
        (x) => F.adaptiveAvgPool1d(x, to).square(),
        `${to}`,
      ),
    ),
  adaptiveAvgPool2d: pair(1, 4).chain((to) =>
    onTensors(
      [real],
      fc.constantFrom([[1, 3, 4]], [[2, 1, 2, 3]]),
      (x) => F.adaptiveAvgPool2d(x, to).square(),
      `${to}`,
    ),
  ),
  "layerNorm of rows": norm([2, 3], [3], (x, o) => F.layerNorm(x, [3], o)),
  "layerNorm of matrices": norm([2, 2, 2], [2, 2], (x, o) => F.layerNorm(x, [2, 2], o)),
  "layerNorm of nothing": norm([0, 3], [3], (x, o) => F.layerNorm(x, [3], o)),
  "batchNorm of rows": norm([3, 2], [2], (x, o) => F.batchNorm(x, null, null, { ...o, training: true })),
  "batchNorm of images": norm([2, 2, 1, 2], [2], (x, o) =>
    F.batchNorm(x, null, null, { ...o, training: true }),
  ),
  "batchNorm in evaluation": norm([3, 2, 2], [2], (x, o) =>
    F.batchNorm(x, running(x), running(x).square(), o),
  ),
  groupNorm: norm([2, 4, 2], [4], (x, o) => F.groupNorm(x, 2, o)),
  instanceNorm: norm([2, 2, 3], [2], (x, o) => F.instanceNorm(x, o)),
  "instanceNorm that tracks": norm([2, 2, 3], [2], (x, o) =>
    F.instanceNorm(x, { ...o, runningMean: running(x), runningVar: running(x).abs() }),
  ),
  "instanceNorm in evaluation": norm([2, 2, 3], [2], (x, o) =>
    F.instanceNorm(x, { ...o, runningMean: running(x), runningVar: running(x).abs(), useInputStats: false }),
  ),
  embedding: onTensors([real], fc.constant([[3, 2]]), (w) =>
    F.embedding(
      beside(
        w,
        T.tensor([
          [0n, 2n],
          [2n, 2n],
        ]),
      ),
      w,
    ).square(),
  ),
};
