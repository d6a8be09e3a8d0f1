/** Calls of the losses as functions, in each reduction; labels and signs are no inputs. */
import { functional as F } from "@flambeau/nn";
import * as T from "@flambeau/tensor";
import fc from "fast-check";
import { between, type Domain } from "../samples/input.ts";
import { beside, type Case, onTensors } from "../samples/sample.ts";

type Cases = fc.Arbitrary<Case>;
const real = between(-2, 2);
const unit = between(0.1, 0.9);
const positive = between(0.5, 2);
const below = between(-3, -0.5);
const labels = T.tensor([2n, 0n, 1n]);
const several = T.tensor([
  [3n, 0n, -1n, 1n],
  [1n, -1n, 0n, 2n],
  [2n, 1n, 0n, -1n],
]);
const like = ({ dtype, device }: T.Tensor): object => ({ dtype, device });
const signs = T.tensor([1n, -1n, 1n]);
const matrix = [3, 4];

/** A loss of tensors of the domains' values, all of one shape. */
const loss = (
  domains: readonly Domain[],
  call: (options: F.LossOptions, ...x: T.Tensor[]) => T.Tensor,
  shape: readonly number[] = matrix,
): Cases =>
  fc
    .constantFrom<F.Reduction>("mean", "sum", "none")
    .chain((reduction) =>
      onTensors(
        domains,
        fc.constant(domains.map(() => shape)),
        (...x) => call({ reduction }, ...x),
        reduction,
      ),
    );

export const lossCases: Readonly<Record<string, Cases>> = {
  mseLoss: loss([real, real], (o, x, y) => F.mseLoss(x, y, o)),
  l1Loss: loss([real, real], (o, x, y) => F.l1Loss(x, y, o)),
  // The grids of the operands leave their difference half a step (1/32) away from the bound.
  smoothL1Loss: loss([real, real], (o, x, y) => F.smoothL1Loss(x, y, o)),
  huberLoss: loss([real, real], (o, x, y) => F.huberLoss(x, y, o)),
  binaryCrossEntropy: loss([unit, unit], (o, x, y) => F.binaryCrossEntropy(x, y, o)),
  binaryCrossEntropyWithLogits: loss([between(-2, 2, [0]), unit], (o, x, y) =>
    F.binaryCrossEntropyWithLogits(x, y, { ...o, posWeight: T.fullLike(y.detach().at(0), 2.5) }),
  ),
  crossEntropy: loss([real], (o, x) => F.crossEntropy(x, beside(x, labels), o)),
  "crossEntropy with smoothed labels": loss([real], (o, x) =>
    F.crossEntropy(x, beside(x, labels), { ...o, labelSmoothing: 0.2, ignoreIndex: 0 }),
  ),
  "crossEntropy with probabilities": loss([real, unit], (o, x, p) => F.crossEntropy(x, p, o)),
  nllLoss: loss([below], (o, x) => F.nllLoss(x, beside(x, labels), o)),
  klDiv: loss([below, unit], (o, x, p) => F.klDiv(x, p, o)),
  "klDiv of logarithms": loss([below, below], (o, x, p) => F.klDiv(x, p, { ...o, logTarget: true })),
  poissonNllLoss: loss([real, positive], (o, x, n) => F.poissonNllLoss(x, n, o)),
  "poissonNllLoss of rates": loss([positive, between(1.2, 3)], (o, x, n) =>
    F.poissonNllLoss(x, n, { ...o, logInput: false, full: true }),
  ),
  gaussianNllLoss: loss([real, real, positive], (o, x, y, v) =>
    F.gaussianNllLoss(x, y, v, { ...o, full: true }),
  ),
  marginRankingLoss: loss([real, real], (o, a, b) => F.marginRankingLoss(a, b, beside(a, signs), o), [3]),
  hingeEmbeddingLoss: loss(
    [between(0.1, 2, [1])],
    (o, x) => F.hingeEmbeddingLoss(x, beside(x, signs), o),
    [3],
  ),
  softMarginLoss: loss([real], (o, x) => F.softMarginLoss(x, beside(x, signs), o), [3]),
  cosineEmbeddingLoss: loss([positive, positive], (o, a, b) =>
    F.cosineEmbeddingLoss(a, b, beside(a, signs), { ...o, margin: -0.5 }),
  ),
  multiMarginLoss: loss([real], (o, x) =>
    F.multiMarginLoss(x, beside(x, labels), { ...o, p: 2, margin: 5, weight: T.ones([4], like(x)) }),
  ),
  multilabelMarginLoss: loss([between(-0.4, 0.4)], (o, x) =>
    F.multilabelMarginLoss(x, beside(x, several), o),
  ),
  multilabelSoftMarginLoss: loss([real, unit], (o, x, y) =>
    F.multilabelSoftMarginLoss(x, y, { ...o, weight: T.full([4], 0.5, like(x)) }),
  ),
  tripletMarginWithDistanceLoss: loss([real, between(3, 5), between(-4, -3)], (o, a, p, n) =>
    F.tripletMarginWithDistanceLoss(a, p, n, { ...o, margin: 8 }),
  ),
  // Of a log-softmax its gradient is the derivative.
  ctcLoss: loss([real], (o, x) =>
    F.ctcLoss(F.logSoftmax(x.unsqueeze(1), 2), beside(x, T.tensor([[3n, 1n]])), [3], [2], o),
  ),
  tripletMarginLoss: loss([real, between(3, 5), between(-4, -3)], (o, a, p, n) =>
    F.tripletMarginLoss(a, p, n, { ...o, margin: 8 }),
  ),
};
