/**
 * Losses of predictions between two classes.
 *
 * @module
 */

import {
  E,
  input as element,
  formatShape,
  ReduceKernel,
  ShapeError,
  sameShape,
  ValueError,
} from "@flambeau/backend";
import * as ops from "@flambeau/tensor";
import { type Callable, named, Tensor, withOptions } from "@flambeau/tensor";
import { type LossOptions, reduced } from "./reduction.ts";

/** Options of `binaryCrossEntropy`. */
export interface BCEOptions extends LossOptions {
  /** Multiplies the loss of each element; broadcasts to the input. */
  readonly weight?: Tensor | null;
}

/** Options of `binaryCrossEntropyWithLogits`. */
export interface BCEWithLogitsOptions extends BCEOptions {
  /** Multiplies the part of the loss that comes from positive targets; broadcasts to the input. */
  readonly posWeight?: Tensor | null;
}

function checkSizes(what: string, input: Tensor, target: Tensor): void {
  if (sameShape(input.shape, target.shape)) return;
  throw new ShapeError(
    `${what}: the target has shape ${formatShape(target.shape)} and the input ${formatShape(input.shape)}; they have to be the same`,
  );
}

// A nan fails both comparisons, as it should.
const within = new ReduceKernel("areProbabilities", "min", {
  prepare: E.mul(E.ge(element(0), 0), E.le(element(0), 1)),
});

/** On a device that can be read at once; elsewhere a value outside gives nan or a bounded loss. */
function checkProbabilities(input: Tensor): void {
  const { backend } = input.storage;
  if (backend.downloadSync === undefined || input.numel() === 0) return;
  const verdict = Tensor.empty(backend, new Array<number>(input.ndim).fill(1), input.dtype);
  backend.reduce(within, input.dtype, input.shape, [input], [], verdict);
  const fine = backend.downloadSync(verdict)[0];
  backend.release(verdict.storage);
  if (!fine) {
    throw new ValueError(
      "binaryCrossEntropy takes probabilities between 0 and 1 and found an element outside; for logits use binaryCrossEntropyWithLogits (BCEWithLogitsLoss)",
    );
  }
}

const BINARY_CROSS_ENTROPY = "binaryCrossEntropy(input, target, weight?, reduction = 'mean')";

/**
 * `-(t * log(p) + (1 - t) * log(1 - p))` for probabilities `p` and targets `t`, logarithms bounded at -100.
 *
 * @throws ShapeError when the shapes are not the same; ValueError when an element of the input is not within [0, 1].
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(nn.functional.binaryCrossEntropy(tensor([0.9, 0.2]), tensor([1, 0])));
 * // tensor(0.1643)
 * ```
 */
export const binaryCrossEntropy: Callable<typeof BINARY_CROSS_ENTROPY, Tensor, BCEOptions> = withOptions<
  typeof BINARY_CROSS_ENTROPY,
  2,
  Tensor,
  BCEOptions
>(BINARY_CROSS_ENTROPY, 2, (input, target, options) => {
  const { reduction = "mean" } = options;
  checkSizes("binaryCrossEntropy", input, target);
  checkProbabilities(input);
  const losses = ops.binaryCrossEntropy(input, target);
  const weighted = options.weight == null ? losses : losses.mul(options.weight);
  return named(reduced(weighted, reduction), "BinaryCrossEntropy");
});

const BINARY_CROSS_ENTROPY_WITH_LOGITS =
  "binaryCrossEntropyWithLogits(input, target, weight?, reduction = 'mean', posWeight?: tensor)";

/**
 * `binaryCrossEntropy(sigmoid(x), target)`, computed from the logits without overflow.
 *
 * @throws ShapeError when the shapes are not the same.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(nn.functional.binaryCrossEntropyWithLogits(tensor([2, -1]), tensor([1, 0])));
 * // tensor(0.2201)
 * ```
 */
export const binaryCrossEntropyWithLogits: Callable<
  typeof BINARY_CROSS_ENTROPY_WITH_LOGITS,
  Tensor,
  BCEWithLogitsOptions
> = withOptions<typeof BINARY_CROSS_ENTROPY_WITH_LOGITS, 2, Tensor, BCEWithLogitsOptions>(
  BINARY_CROSS_ENTROPY_WITH_LOGITS,
  2,
  (input, target, options) => {
    const { reduction = "mean" } = options;
    checkSizes("binaryCrossEntropyWithLogits", input, target);
    const losses = ops.binaryCrossEntropyWithLogits(input, target, options.posWeight ?? 1);
    const weighted = options.weight == null ? losses : losses.mul(options.weight);
    return named(reduced(weighted, reduction), "BinaryCrossEntropyWithLogits");
  },
);
