/**
 * Random numbers for a tensor that is there: written over it, or drawn with the probabilities it holds. All are methods.
 *
 * @module
 */
import { DTypeError, isFloat, type TypedArray, typedArray } from "@flambeau/backend";
import { callable } from "../call/callable.ts";
import type { Callable } from "../call/signature.ts";
import { commonBackend } from "../dispatch/devices.ts";
import { observed } from "../dispatch/observe.ts";
import { refuseOverlap } from "../dispatch/overlap.ts";
import { runWrite } from "../dispatch/run.ts";
import { abandon } from "../lifetime.ts";
import { drawn } from "../making.ts";
import { memoryOrder } from "../memory-order.ts";
import * as draw from "../random/index.ts";
import { type FloatArray, type Generator, generatorOf } from "../random/index.ts";
import { named } from "../recorder.ts";
import { Tensor } from "../tensor.ts";
import { checkNdims } from "./check-dims.ts";
import { lt } from "./compare.ts";
import { copyInto } from "./elements.ts";
import { isReadable } from "./unreadable.ts";

/** Options of in-place draws. */
export interface DrawOptions {
  /** The stream to draw from. Default: the one that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/**
 * Which draws lie below probabilities that JavaScript cannot see yet: the same draws as if it could, compared on the
 * device. Uniform draws of float32 have 24 bits, so the comparison is exact.
 */
function successes(generator: Generator, p: Tensor): Tensor {
  const dtype = p.dtype === "float64" ? "float64" : "float32";
  const draws = typedArray(dtype, p.numel()) as FloatArray;
  draw.uniform(generator, draws);
  const uniform = observed("op", "rand", [], { shape: p.shape, dtype }, () => {
    return new Tensor(p.storage.backend.upload(dtype, draws), p.shape);
  });
  const below = lt(uniform, p);
  abandon(uniform);
  return below;
}

function checkFloats(takes: string, x: Tensor): void {
  if (!isFloat(x.dtype)) throw new DTypeError(`${takes}; got ${x.dtype}`);
}

/** The elements in the order in which those of `target` lie in memory, which is that of the draws (TensorIterator). */
function inMemory(x: Tensor, target: Tensor = x): Tensor {
  if (target.isContiguous()) return x;
  const order = memoryOrder(target);
  return new Tensor(
    x.storage,
    order.map((d) => x.shape[d]),
    order.map((d) => x.strides[d]),
    x.offset,
  );
}

/** Draws `fill`'s numbers for every element in memory's order and writes them over the tensor. */
function drawInto(what: `${string}_`, x: Tensor, fill: (out: TypedArray) => void): Tensor {
  x.checkUsable(what);
  refuseOverlap(what, x);
  const out = typedArray(x.dtype, x.numel());
  const write = (): void => {
    fill(out);
    const target = inMemory(x);
    const drawn = new Tensor(x.storage.backend.upload(x.dtype, out), target.shape);
    copyInto(target, drawn);
    abandon(drawn);
  };
  // To the derivative it is as if a number was written.
  return runWrite("fill", [x, 0], undefined, x, write, what.slice(0, -1));
}

const UNIFORM_INPLACE = "uniform_(input, from: number = 0, to: number = 1, *, generator?)";

/**
 * Overwrites the tensor with uniform numbers in [from, to).
 *
 * @throws DTypeError for integers; ValueError when `from` exceeds `to`. Nothing is drawn or written then.
 *
 * @example
 * ```ts
 * import { manualSeed, zeros } from "@flambeau/tensor";
 *
 * manualSeed(0);
 * console.log(String(zeros([3]).uniform_(-1, 1)));
 * // tensor([-0.0075,  0.5364, -0.8230])
 * ```
 */
export const uniform_: Callable<typeof UNIFORM_INPLACE, Tensor> = callable(
  UNIFORM_INPLACE,
  (x, from, to, options) => {
    return drawInto("uniform_", x, (out) =>
      draw.uniform(generatorOf(options), out as FloatArray, from, to, x.dtype),
    );
  },
);

const NORMAL_INPLACE = "normal_(input, mean: number = 0, std: number = 1, *, generator?)";

/**
 * Overwrites the tensor with normal numbers.
 *
 * @throws DTypeError for integers; ValueError when `std` is negative. Nothing is drawn or written then.
 *
 * @example
 * ```ts
 * import { manualSeed, zeros } from "@flambeau/tensor";
 *
 * manualSeed(0);
 * console.log(String(zeros([3]).normal_(10, 2)));
 * // tensor([13.0820,  9.4131,  5.6424])
 * ```
 */
export const normal_: Callable<typeof NORMAL_INPLACE, Tensor> = callable(
  NORMAL_INPLACE,
  (x, mean, std, options) => {
    return drawInto("normal_", x, (out) =>
      draw.normal(
        generatorOf(options),
        out as FloatArray,
        mean,
        std,
        x.isContiguous() ? undefined : false,
        x.dtype,
      ),
    );
  },
);

const EXPONENTIAL_INPLACE = "exponential_(input, lambd: number = 1, *, generator?)";

/**
 * Overwrites the tensor with exponentially distributed numbers of rate `lambd`.
 *
 * @throws DTypeError for integers; ValueError when `lambd` is negative. Nothing is drawn or written then.
 *
 * @example
 * ```ts
 * import { manualSeed, zeros } from "@flambeau/tensor";
 *
 * manualSeed(0);
 * console.log(String(zeros([3]).exponential_()));
 * // tensor([3.5083, 1.2304, 0.6150])
 * ```
 */
export const exponential_: Callable<typeof EXPONENTIAL_INPLACE, Tensor> = callable(
  EXPONENTIAL_INPLACE,
  (x, lambd, options) => {
    return drawInto("exponential_", x, (out) =>
      draw.exponential(generatorOf(options), out as FloatArray, lambd),
    );
  },
);

const RANDOM_INPLACE = "random_(input, from?: int|bigint, to?: int|bigint, *, generator?)";

/**
 * Overwrites the tensor with integers from `from` up to but not including `to`; without bounds, over the dtype's range.
 *
 * @throws ValueError when the range is empty or does not fit the dtype. Nothing is drawn or written then.
 *
 * @example
 * ```ts
 * import { manualSeed, zeros } from "@flambeau/tensor";
 *
 * manualSeed(0);
 * console.log(String(zeros([3]).random_(0, 100)));
 * // tensor([44., 39., 33.])
 * ```
 */
export const random_: Callable<typeof RANDOM_INPLACE, Tensor> = callable(
  RANDOM_INPLACE,
  (x, from, to, options) => {
    const [low, high] = to === undefined && from !== undefined ? [0, from] : [from, to];
    return drawInto("random_", x, (out) => draw.random(generatorOf(options), out, low, high, x.dtype));
  },
);

const BERNOULLI_INPLACE = "bernoulli_(input, p: number|tensor = 0.5, *, generator?)";

/**
 * Overwrites the tensor with ones of probability `p` (a number or a tensor that broadcasts) and zeros.
 *
 * @throws ValueError when a probability is not within [0, 1]; ShapeError when `p` does not broadcast.
 *   Nothing is drawn or written then. On a device that cannot be read at once a tensor of probabilities is not checked:
 *   below 0 and nan count as 0, above 1 as 1.
 *
 * @example
 * ```ts
 * import { manualSeed, zeros } from "@flambeau/tensor";
 *
 * manualSeed(0);
 * console.log(String(zeros([3]).bernoulli_(0.5)));
 * // tensor([0., 0., 1.])
 * ```
 */
export const bernoulli_: Callable<typeof BERNOULLI_INPLACE, Tensor> = callable(
  BERNOULLI_INPLACE,
  (x, p, options) => {
    const generator = generatorOf(options);
    if (p instanceof Tensor) checkFloats("bernoulli_ takes probabilities as floats", p);
    if (p instanceof Tensor && !isReadable(p.storage.backend)) {
      x.checkUsable("bernoulli_");
      refuseOverlap("bernoulli_", x);
      commonBackend("bernoulli_", [x, p]);
      const wide = p.detach().expand(x.shape);
      const write = (): void => copyInto(inMemory(x), successes(generator, inMemory(wide, x)));
      return runWrite("fill", [x, 0], undefined, x, write, "bernoulli");
    }
    return drawInto("bernoulli_", x, (out) => {
      if (p instanceof Tensor)
        draw.bernoulliEach(generator, out, inMemory(p.expand(x.shape), x).dataSync() as FloatArray);
      else draw.bernoulli(generator, out, p);
    });
  },
);

const LOG_NORMAL_INPLACE = "logNormal_(input, mean: number = 1, std: number = 2, *, generator?)";

/**
 * Overwrites the tensor with numbers whose logarithm is normal.
 *
 * @throws DTypeError for integers; ValueError when `std` is not positive. Nothing is drawn or written then.
 *
 * @example
 * ```ts
 * import { manualSeed, zeros } from "@flambeau/tensor";
 *
 * manualSeed(0);
 * console.log(String(zeros([3]).logNormal_()));
 * // tensor([5.9263e+01, 1.5116e+00, 3.4819e-02])
 * ```
 */
export const logNormal_: Callable<typeof LOG_NORMAL_INPLACE, Tensor> = callable(
  LOG_NORMAL_INPLACE,
  (x, mean, std, options) => {
    return drawInto("logNormal_", x, (out) =>
      draw.logNormal(generatorOf(options), out as FloatArray, mean, std),
    );
  },
);

const GEOMETRIC_INPLACE = "geometric_(input, p, *, generator?)";

/**
 * Overwrites the tensor with the number of trials up to the first success of probability `p`.
 *
 * @throws ValueError when `p` is not within (0, 1). Nothing is drawn or written then.
 *
 * @example
 * ```ts
 * import { manualSeed, zeros } from "@flambeau/tensor";
 *
 * manualSeed(0);
 * console.log(String(zeros([3]).geometric_(0.2)));
 * // tensor([1., 2., 4.])
 * ```
 */
export const geometric_: Callable<typeof GEOMETRIC_INPLACE, Tensor> = callable(
  GEOMETRIC_INPLACE,
  (x, p, options) => {
    return drawInto("geometric_", x, (out) => draw.geometric(generatorOf(options), out, p));
  },
);

const CAUCHY_INPLACE = "cauchy_(input, median: number = 0, sigma: number = 1, *, generator?)";

/**
 * Overwrites the tensor with Cauchy distributed numbers.
 *
 * @throws DTypeError for integers; ValueError when `sigma` is not positive. Nothing is drawn or written
 *   then.
 *
 * @example
 * ```ts
 * import { manualSeed, zeros } from "@flambeau/tensor";
 *
 * manualSeed(0);
 * console.log(String(zeros([3]).cauchy_()));
 * // tensor([10.5977,  0.7648, -0.1283])
 * ```
 */
export const cauchy_: Callable<typeof CAUCHY_INPLACE, Tensor> = callable(
  CAUCHY_INPLACE,
  (x, median, sigma, options) => {
    return drawInto("cauchy_", x, (out) =>
      draw.cauchy(generatorOf(options), out as FloatArray, median, sigma),
    );
  },
);

const BERNOULLI = "bernoulli(input, *, generator?)";

/**
 * Ones and zeros, each one with the probability that its element gives. The derivative is zero.
 *
 * @throws ValueError when an element is not within [0, 1] (not checked on a device that cannot be read at once: below 0
 *   and nan count as 0, above 1 as 1); DTypeError when they are no floats.
 *
 * @example
 * ```ts
 * import { bernoulli, manualSeed, tensor } from "@flambeau/tensor";
 *
 * manualSeed(0);
 * console.log(String(bernoulli(tensor([0, 0.5, 1]))));
 * // tensor([0., 0., 1.])
 * ```
 */
export const bernoulli: Callable<typeof BERNOULLI, Tensor> = callable(BERNOULLI, (p, options) => {
  checkFloats("bernoulli takes probabilities as floats", p);
  // Draws written over the probabilities: the derivative is zero, as PyTorch's.
  if (p.requiresGrad) return named(p.clone().bernoulli_(p.detach(), options), "Bernoulli");
  if (!isReadable(p.storage.backend)) return successes(generatorOf(options), p.detach()).to(p.dtype);
  return drawn("bernoulli", [p], p.shape, p.dtype, { device: p.device }, (out) =>
    draw.bernoulliEach(generatorOf(options), out, p.dataSync() as FloatArray),
  );
});

const MULTINOMIAL = "multinomial(input, numSamples, replacement = false, *, generator?)";

/**
 * Indices drawn with the probabilities that a row of weights gives: `[n]` or `[rows, n]` to int64 `[..., numSamples]`.
 *
 * @throws ShapeError for more dimensions; ValueError when weights are negative, all zero, or too few for so many samples;
 *   of weights on a device that cannot be read at once, the next read tells.
 *
 * @example
 * ```ts
 * import { manualSeed, multinomial, tensor } from "@flambeau/tensor";
 *
 * manualSeed(0);
 * console.log(String(multinomial(tensor([0.1, 0.9]), 5, { replacement: true })));
 * // tensor([1, 1, 1, 1, 1])
 * ```
 */
export const multinomial: Callable<typeof MULTINOMIAL, Tensor> = callable(
  MULTINOMIAL,
  (weights, numSamples, replacement, options) => {
    checkNdims("multinomial takes a vector or a matrix of weights", weights, 1, 2);
    checkFloats("multinomial takes weights as floats", weights);
    const rows = weights.ndim === 2 ? weights.shape[0] : 1;
    const categories = weights.shape[weights.ndim - 1];
    const shape = weights.ndim === 2 ? [rows, numSamples] : [numSamples];
    const sizes = { rows, categories, samples: numSamples };
    const generator = generatorOf(options);
    const { backend } = weights.storage;
    if (!isReadable(backend)) {
      // The draws are taken from the stream now; what they choose is found out when the weights are there.
      const draws = draw.multinomialDraws(
        generator,
        typedArray(weights.dtype, 0) as FloatArray,
        sizes,
        replacement,
      );
      return observed("op", "multinomial", [weights], { shape }, () => {
        const out = Tensor.empty(backend, shape, "int64");
        backend.onHost([weights], [out], ([elements]) => {
          const chosen = new BigInt64Array(rows * numSamples);
          draw.multinomialChoice(chosen, elements as FloatArray, sizes, draws, replacement);
          return [chosen];
        });
        return out;
      });
    }
    return drawn("multinomial", [weights], shape, "int64", { device: weights.device }, (out) =>
      draw.multinomial(generator, out as BigInt64Array, weights.dataSync() as FloatArray, sizes, replacement),
    );
  },
);
