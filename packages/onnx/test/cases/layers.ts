import * as fl from "flambeau";
import { F, nn, type Tensor, tensor } from "flambeau";
import { wave } from "../runtime.ts";
import { type Case, type Cases, of, shaped, whole } from "./case.ts";

const image = (run: (x: Tensor) => unknown, channels = 4, height = 8, width = 6): Case =>
  shaped(run, [channels, height, width]);
const w = (...shape: number[]): Tensor => wave(shape, "float32", -0.5, 0.5);

export const convolutions: Cases = {
  conv1d: shaped(
    (x) => [
      F.conv1d(x, w(5, 4, 3)),
      F.conv1d(x, w(5, 4, 3), w(5), 2, 1, 2),
      F.conv1d(x, w(8, 1, 3), undefined, 1, "same", 1, 4),
    ],
    [4, 12],
  ),
  conv2d: image((x) => [
    F.conv2d(x, w(5, 4, 3, 3)),
    F.conv2d(x, w(5, 4, 3, 2), w(5), [2, 1], [1, 0]),
    F.conv2d(x, w(4, 2, 3, 3), w(4), 1, "same", 2, 2),
    F.conv2d(x, w(5, 4, 3, 3), w(5), 1, "valid"),
    F.conv2d(x.select(0, 0), w(5, 4, 3, 3)),
  ]),
  conv3d: shaped(
    (x) => [F.conv3d(x, w(3, 2, 2, 3, 2)), F.conv3d(x, w(3, 2, 3, 3, 3), w(3), 2, 1)],
    [2, 4, 5, 6],
  ),
  convTranspose1d: shaped(
    (x) => [F.convTranspose1d(x, w(4, 5, 3)), F.convTranspose1d(x, w(4, 2, 3), w(4), 2, 1, 1, 2)],
    [4, 7],
  ),
  convTranspose2d: image((x) => [
    F.convTranspose2d(x, w(4, 5, 3, 3)),
    F.convTranspose2d(x, w(4, 3, 4, 4), w(3), 2, 1),
    F.convTranspose2d(x, w(4, 3, 3, 3), w(3), 2, 1, 1, 1, 2),
  ]),
  convTranspose3d: shaped((x) => F.convTranspose3d(x, w(2, 3, 3, 3, 3), w(3), 2, 1), [2, 3, 3, 3]),
};

export const pooling: Cases = {
  maxPool: image((x) => [
    F.maxPool2d(x, 2),
    F.maxPool2d(x, 3, 2, 1),
    F.maxPool2d(x, [2, 3], 1, 0, 2),
    F.maxPool2d(x, 3, 2, 0, 1, true),
  ]),
  "maxPool with positions": image((x) => F.maxPool2d(x, 2, 2, 0, 1, false, true)),
  "maxPool of 1 and 3 dimensions": shaped(
    (x) => [F.maxPool1d(x.flatten(2), 3, 2), F.maxPool3d(x, 2)],
    [2, 4, 4, 6],
  ),
  avgPool: image((x) => [
    F.avgPool2d(x, 2),
    F.avgPool2d(x, 3, 2, 1),
    F.avgPool2d(x, 3, 2, 1, false, false),
    F.avgPool2d(x, 2, { divisorOverride: 3 }),
  ]),
  "avgPool with ceilMode": { ...image((x) => [F.avgPool2d(x, 3, 2, 0, true)]) },
  "avgPool of 1 and 3 dimensions": shaped(
    (x) => [F.avgPool1d(x.flatten(2), 3, 2, 1), F.avgPool3d(x, 2)],
    [2, 4, 4, 6],
  ),
  adaptiveAvgPool: image((x) => [
    F.adaptiveAvgPool2d(x, 1),
    F.adaptiveAvgPool2d(x, [4, 3]),
    F.adaptiveAvgPool2d(x, [3, 4]),
    F.adaptiveAvgPool2d(x, [null, 3] as never),
    F.adaptiveAvgPool1d(x.flatten(2), 4),
  ]),
  adaptiveMaxPool: image((x) => [
    F.adaptiveMaxPool2d(x, 1),
    F.adaptiveMaxPool2d(x, [4, 3]),
    F.adaptiveMaxPool2d(x, [3, 4]),
    F.adaptiveMaxPool1d(x.flatten(2), 4),
  ]),
  "adaptive pools of 3 dimensions": shaped(
    (x) => [F.adaptiveAvgPool3d(x, 2), F.adaptiveMaxPool3d(x, 2), F.adaptiveAvgPool3d(x, 1)],
    [2, 4, 4, 6],
  ),
  lpPool: image((x) => [F.lpPool2d(x.abs(), 2, 2), F.lpPool1d(x.abs().flatten(2), 3, 2)]),
  maxUnpool: image((x) => {
    const [y, at] = F.maxPool2d(x, 2, { returnIndices: true }) as unknown as Tensor[];
    return F.maxUnpool2d(y, at, 2);
  }),
};

const resize = (...args: unknown[]): Case =>
  image((x) => (F.interpolate as unknown as (x: Tensor, ...args: unknown[]) => Tensor)(x, ...args), 2, 5, 4);

export const resizing: Cases = {
  nearest: resize({ scaleFactor: 2 }),
  "nearest to a size": resize({ size: [7, 9] }),
  "nearest-exact": resize({ size: [7, 9], mode: "nearest-exact" }),
  bilinear: resize({ scaleFactor: 2, mode: "bilinear" }),
  "bilinear with corners": resize({ size: [9, 7], mode: "bilinear", alignCorners: true }),
  "bilinear to less": resize({ size: [3, 3], mode: "bilinear" }),
  bicubic: resize({ scaleFactor: 2, mode: "bicubic" }),
  "bicubic with corners": resize({ size: [9, 7], mode: "bicubic", alignCorners: true }),
  area: resize({ size: [2, 2], mode: "area" }),
  linear: shaped(
    (x) => [
      F.interpolate(x, { scaleFactor: 2, mode: "linear" }),
      F.interpolate(x, { size: 11, mode: "nearest" }),
    ],
    [2, 6],
  ),
  trilinear: shaped((x) => F.interpolate(x, { scaleFactor: 2, mode: "trilinear" }), [2, 3, 4, 3]),
  upsample: image(
    (x) => [
      F.upsample(x, { scaleFactor: 2 }),
      F.upsampleNearest(x, { scaleFactor: 2 }),
      F.upsampleBilinear(x, { scaleFactor: 2 }),
    ],
    2,
    3,
    4,
  ),
};

export const normalizations: Cases = {
  batchNorm: image((x) => [
    F.batchNorm(x, w(4), w(4).abs().add(1), w(4), w(4)),
    F.batchNorm(x, w(4), w(4).abs().add(1)),
    F.batchNorm(x, undefined, undefined, w(4), w(4), true),
  ]),
  "batchNorm of rows": of((x) => F.batchNorm(x, w(6), w(6).abs().add(1), w(6), w(6))),
  layerNorm: image((x) => [
    F.layerNorm(x, [6]),
    F.layerNorm(x, [8, 6], w(8, 6), w(8, 6)),
    F.layerNorm(x, [6], w(6)),
  ]),
  groupNorm: image((x) => [F.groupNorm(x, 2), F.groupNorm(x, 2, w(4), w(4))]),
  instanceNorm: image((x) => [F.instanceNorm(x), F.instanceNorm(x, { weight: w(4), bias: w(4) })]),
  rmsNorm: image((x) => [F.rmsNorm(x, [6]), F.rmsNorm(x, [6], w(6))]),
  localResponseNorm: image((x) => [F.localResponseNorm(x, 3), F.localResponseNorm(x, 2, 0.01, 0.5, 2)]),
  normalize: of((x) => [F.normalize(x), F.normalize(x, 1, 0)]),
};

export const attention: Cases = {
  attention: shaped(
    (q, k, v) => [F.scaledDotProductAttention(q, k, v), F.scaledDotProductAttention(q, k, v, { scale: 0.3 })],
    [2, 5, 4],
    [2, 3, 4],
    [2, 3, 6],
  ),
  "causal attention": shaped(
    (q, k, v) => F.scaledDotProductAttention(q, k, v, { isCausal: true }),
    [2, 5, 4],
    [2, 5, 4],
    [2, 5, 4],
  ),
  "attention with masks": shaped(
    (q, k, v) => [
      F.scaledDotProductAttention(q, k, v, fl.ones([5, 3], { dtype: "bool" }).tril()),
      F.scaledDotProductAttention(q, k, v, w(5, 3)),
      F.scaledDotProductAttention(q, k, v, fl.ones([5, 3], { dtype: "bool" }).triu(1)),
    ],
    [2, 5, 4],
    [2, 3, 4],
    [2, 3, 6],
  ),
  "grouped queries": shaped(
    (q, k, v) => F.scaledDotProductAttention(q, k, v, { enableGqa: true }),
    [4, 5, 4],
    [2, 5, 4],
    [2, 5, 4],
  ),
};

const labels = (n: number): Tensor => tensor(Array.from({ length: n }, (_, i) => BigInt((i * 2) % 6)));
const scored = (run: (x: Tensor, y: Tensor) => unknown): Case => ({
  run: run as never,
  inputs: (n) => [wave([n, 6]), labels(n)],
});

export const losses: Cases = {
  crossEntropy: scored((x, y) => [
    F.crossEntropy(x, y),
    F.crossEntropy(x, y, { reduction: "none" }),
    F.crossEntropy(x, y, w(6).abs(), { reduction: "sum" }),
    F.crossEntropy(x, y, { ignoreIndex: 2 }),
    F.crossEntropy(x, y, { labelSmoothing: 0.1 }),
    F.crossEntropy(x, y, w(6).abs(), { labelSmoothing: 0.1, ignoreIndex: 2 }),
  ]),
  "crossEntropy of probabilities": of((x) => F.crossEntropy(x, x.softmax(1))),
  nllLoss: scored((x, y) => [
    F.nllLoss(x.logSoftmax(1), y),
    F.nllLoss(x.logSoftmax(1), y, w(6).abs(), { reduction: "none" }),
  ]),
  regression: shaped(
    (x, y) => [
      F.mseLoss(x, y),
      F.l1Loss(x, y),
      F.smoothL1Loss(x, y),
      F.huberLoss(x, y, { delta: 0.5 }),
      F.mseLoss(x, y, "none"),
      F.mseLoss(x, y, "sum"),
    ],
    [6],
    [6],
  ),
  "of two classes": shaped(
    (x, y) => [
      F.binaryCrossEntropy(x.sigmoid(), y.sigmoid()),
      F.binaryCrossEntropyWithLogits(x, y.sigmoid()),
      F.softMarginLoss(x, y.sign()),
      F.hingeEmbeddingLoss(x, y.sign()),
    ],
    [6],
    [6],
  ),
  divergences: shaped(
    (x, z) => {
      const y = z.flip([1]);
      return [
        F.klDiv(x.logSoftmax(1), y.softmax(1), { reduction: "batchmean" }),
        F.poissonNllLoss(x, y.abs()),
        F.gaussianNllLoss(x, y, y.abs().add(0.1)),
        F.cosineEmbeddingLoss(x, y, fl.ones([x.shape[0]])),
        F.marginRankingLoss(x, y, y.sign()),
        F.tripletMarginLoss(x, y, x.add(y)),
      ];
    },
    [6],
    [6],
  ),
};

const lstm = new nn.LSTM(4, 3, { batchFirst: true, bidirectional: true });
const gru = new nn.GRU(4, 3, { batchFirst: true });
const rnn = new nn.RNN(4, 3, { batchFirst: true, nonlinearity: "relu", bias: false });

export const recurrent: Cases = {
  lstm: shaped((x) => lstm(x), [5, 4]),
  gru: shaped((x) => gru(x), [5, 4]),
  rnn: shaped((x) => rnn(x), [5, 4]),
};

export const bags: Cases = {
  "embedding of a padded table": whole((x) => F.embedding(x.abs(), w(6, 3), 0)),
};
