/** Calls of the functions on lines, planes and volumes that have come after convolution and pooling of planes. */
import { functional as F } from "@flambeau/nn";
import type * as T from "@flambeau/tensor";
import { manualSeed, tensor } from "@flambeau/tensor";
import fc from "fast-check";
import { between } from "../samples/input.ts";
import { beside, type Case, onDistinct, onTensors } from "../samples/sample.ts";

type Cases = fc.Arbitrary<Case>;
const real = between(-2, 2);
const above = between(0.5, 2);
/** Between the places of three elements from -1 to 1, where the derivative changes. */
const within = between(-0.9, 0.9, [-0.5, 0, 0.5]);

/** One of several calls on tensors of given shapes. */
const given = (
  shapes: readonly (readonly number[])[],
  ...calls: readonly ((...x: T.Tensor[]) => T.Tensor)[]
): Cases =>
  fc
    .constantFrom(...calls)
    .chain((call) => onTensors([real], fc.constant(shapes.map((shape) => [...shape])), call, String(call)));

/** Elements that differ, so that there is one largest, in shapes of so many dimensions. */
const distinct = (dims: number, call: (x: T.Tensor) => T.Tensor): Cases =>
  onDistinct(real, { minDims: dims, maxDims: dims + 1, minSize: 2, empty: false }, () =>
    fc.constant([String(call), (x) => call(x).square()]),
  );

/** Rows that lie apart: at no distance there is no derivative. */
const spread = ({ dtype, device }: T.Tensor): T.Tensor =>
  tensor(
    [
      [0, 0],
      [9, -7],
      [20, 30],
    ],
    { dtype, device },
  );

/** The same draws at every call, so that it is a function of its input. */
const seeded = (call: (x: T.Tensor) => T.Tensor): Cases =>
  given([[2, 3, 2]], (x) => {
    manualSeed(5);
    return call(x);
  });

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
  maxPool3d: distinct(4, (x) => F.maxPool3d(x, 2, { stride: 1 }) as T.Tensor),
  avgPool3d: given(
    [[1, 2, 3, 2]],
    (x) => F.avgPool3d(x, 2, { stride: 1, padding: 1, countIncludePad: false }),
    (x) => F.avgPool3d(x, 2, { ceilMode: true, divisorOverride: 3 }),
  ),
  adaptiveAvgPool3d: given([[1, 2, 3, 2]], (x) => F.adaptiveAvgPool3d(x, [1, 2, 2]).square()),
  adaptiveMaxPool1d: distinct(2, (x) => F.adaptiveMaxPool1d(x, 3) as T.Tensor),
  adaptiveMaxPool2d: distinct(3, (x) => F.adaptiveMaxPool2d(x, [2, 3]) as T.Tensor),
  adaptiveMaxPool3d: distinct(4, (x) => F.adaptiveMaxPool3d(x, [2, 2, 1]) as T.Tensor),
  fractionalMaxPool2d: distinct(3, (x) => {
    manualSeed(5);
    return F.fractionalMaxPool2d(x, [2, 1], { outputSize: [1, 2] }) as T.Tensor;
  }),
  fractionalMaxPool3d: distinct(4, (x) => {
    manualSeed(5);
    return F.fractionalMaxPool3d(x, [1, 2, 1], { outputSize: [2, 1, 2] }) as T.Tensor;
  }),
  lpPool1d: onTensors([above], fc.constant([[1, 2, 5]]), (x) => F.lpPool1d(x, 3, 2)),
  lpPool2d: onTensors([above], fc.constant([[1, 3, 4]]), (x) => F.lpPool2d(x, 1.5, 2, 1)),
  maxUnpool1d: given([[1, 2]], (x) => F.maxUnpool1d(x, beside(x, tensor([[1n, 3n]])), 2).square()),
  maxUnpool2d: given([[1, 1, 2]], (x) => F.maxUnpool2d(x, beside(x, tensor([[[1n, 6n]]])), 2).square()),
  maxUnpool3d: given([[1, 1, 1, 2]], (x) => F.maxUnpool3d(x, beside(x, tensor([[[[3n, 12n]]]])), 2).square()),
  unfold: given([[1, 2, 3, 4]], (x) => F.unfold(x, 2, 1, 1, 2).square()),
  fold: given([[8, 4]], (x) => F.fold(x, 3, 2).square()),
  pixelShuffle: given([[1, 4, 2, 1]], (x) => F.pixelShuffle(x, 2).square()),
  pixelUnshuffle: given([[1, 2, 4]], (x) => F.pixelUnshuffle(x, 2).square()),
  channelShuffle: given([[1, 4, 2]], (x) => F.channelShuffle(x, 2).square()),
  interpolate: given(
    [[1, 1, 3, 4]],
    (x) => F.interpolate(x, 5).square(),
    (x) => F.interpolate(x, { scaleFactor: [1.5, 0.7], mode: "bilinear" }).square(),
    (x) => F.interpolate(x, [2, 5], { mode: "bicubic", alignCorners: true }).square(),
    (x) => F.interpolate(x, [2, 5], { mode: "area" }).square(),
    (x) => F.interpolate(x, [2, 5], { mode: "bilinear", antialias: true }).square(),
  ),
  gridSample: onTensors(
    [real, within],
    fc.constant([
      [1, 2, 3, 3],
      [1, 2, 2, 2],
    ]),
    (x, grid) => F.gridSample(x, grid, "bilinear", "border", true).square(),
  ),
  "gridSample by cubic convolution": onTensors(
    [real, within],
    fc.constant([
      [1, 1, 3, 3],
      [1, 1, 2, 2],
    ]),
    (x, grid) => F.gridSample(x, grid, "bicubic", "reflection", true).square(),
  ),
  affineGrid: given(
    [[2, 2, 3]],
    (theta) => F.affineGrid(theta, [2, 1, 2, 3]).square(),
    (theta) => F.affineGrid(theta, [2, 1, 2, 3], true).square(),
  ),
  localResponseNorm: given([[1, 3, 2]], (x) => F.localResponseNorm(x, 2, 0.5, 1.5, 2)),
  bilinear: given([[2, 3], [2, 2], [2, 3, 2], [2]], (x, y, w, b) => F.bilinear(x, y, w, b)),
  embeddingBag: given(
    [[3, 2]],
    (w) => F.embeddingBag(beside(w, tensor([0n, 2n, 2n])), w, beside(w, tensor([0n, 2n]))).square(),
    (w) => F.embeddingBag(beside(w, tensor([[0n, 2n, 2n]])), w, { mode: "sum", paddingIdx: 1 }).square(),
  ),
  alphaDropout: seeded((x) => F.alphaDropout(x, 0.4, true).square()),
  featureAlphaDropout: seeded((x) => F.featureAlphaDropout(x, 0.4, true).square()),
  dropout3d: seeded((x) => F.dropout3d(x.reshape([1, 6, 1, 2, 1]), 0.4, true).square()),
  pdist: given(
    [[3, 2]],
    (x) => F.pdist(x.add(spread(x))),
    (x) => F.pdist(x.add(spread(x)), 1.5),
  ),
  upsample: given([[1, 2, 3]], (x) => F.upsample(x, { scaleFactor: 2 }).square()),
  upsampleNearest: given([[1, 2, 3]], (x) => F.upsampleNearest(x, 4).square()),
  upsampleBilinear: given([[1, 1, 2, 3]], (x) => F.upsampleBilinear(x, 4).square()),
  rmsNorm: given([[2, 3], [3]], (x, w) => F.rmsNorm(x, [3], w, 0.25)),
  rrelu: onTensors([between(-2, 2, [0])], fc.constant([[2, 3]]), (x) => F.rrelu(x, 0.2, 0.5).square()),
  conv3d: given(
    [[1, 2, 2, 1, 2], [2, 1, 2, 1, 2], [2]],
    (x, w, b) => F.conv3d(x, w, b, { stride: 2, groups: 2, padding: [1, 0, 0] }),
    (x, w) => F.conv3d(x, w, null, { padding: 1, dilation: [2, 1, 1], groups: 2 }),
  ),
};
