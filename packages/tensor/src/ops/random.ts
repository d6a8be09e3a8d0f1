/**
 * Random numbers: PyTorch's own stream on the CPU, so that a seed gives the same numbers as there.
 *
 * @module
 */
import {
  checkDType,
  checkShape,
  type DType,
  DTypeError,
  formatShape,
  isFloat,
  numel,
  type Shape,
  ShapeError,
  type TypedArray,
  typedArray,
  ValueError,
} from "@flambeau/backend";
import { emptyLike, like, type TensorOptions } from "../creation.ts";
import { getDefaultDType } from "../defaults.ts";
import { backendOf } from "../device.ts";
import { commonBackend, memoryOrder, refuseOverlap } from "../elementwise.ts";
import * as draw from "../random/index.ts";
import { defaultGenerator, type FloatArray, type Generator } from "../random/index.ts";
import { writeInPlace } from "../recorder.ts";
import { Tensor } from "../tensor.ts";
import { lt } from "./compare.ts";
import { copyInto } from "./copy.ts";
import { isReadable } from "./unreadable.ts";

/** Options of functions that draw random numbers. */
export interface RandomOptions extends TensorOptions {
  /** The stream to draw from. Default: the one that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/** Options of in-place draws. */
export interface DrawOptions {
  /** The stream to draw from. Default: the one that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/** Whatever can fail does so before `fill` draws: an error leaves the stream where it was. */
function made(shape: Shape, dtype: DType, options: RandomOptions, fill: (out: TypedArray) => void): Tensor {
  const out = typedArray(dtype, numel(checkShape(shape)));
  const backend = backendOf(options.device);
  if (!backend.supports(dtype)) throw new DTypeError(`the device ${backend.name} has no ${dtype}`);
  fill(out);
  const x = new Tensor(backend.upload(dtype, out), shape.slice());
  return options.requiresGrad ? x.requiresGrad_() : x;
}

function floatDType(what: string, options: RandomOptions): DType {
  const dtype = options.dtype === undefined ? getDefaultDType() : checkDType(options.dtype);
  if (!isFloat(dtype)) throw new DTypeError(`${what} makes floats; got ${dtype}`);
  return dtype;
}

/**
 * Uniform numbers in [0, 1).
 *
 * @example
 * ```ts
 * import { manualSeed, rand } from "@flambeau/tensor";
 *
 * manualSeed(0);
 * console.log(String(rand([3])));
 * // tensor([0.4963, 0.7682, 0.0885])
 * ```
 */
export function rand(shape: Shape, options: RandomOptions = {}): Tensor {
  return made(shape, floatDType("rand", options), options, (out) =>
    draw.uniform(options.generator ?? defaultGenerator, out as FloatArray),
  );
}

/**
 * Normal numbers of mean 0 and standard deviation 1.
 *
 * @throws ShapeError for a bad shape; DTypeError for integer dtypes.
 *
 * @example
 * ```ts
 * import { manualSeed, randn } from "@flambeau/tensor";
 *
 * manualSeed(0);
 * console.log(String(randn([3])));
 * // tensor([ 1.5410, -0.2934, -2.1788])
 * ```
 */
export function randn(shape: Shape, options: RandomOptions = {}): Tensor {
  return made(shape, floatDType("randn", options), options, (out) =>
    draw.normal(options.generator ?? defaultGenerator, out as FloatArray),
  );
}

export function randint(high: number, shape: Shape, options?: RandomOptions): Tensor;
export function randint(low: number, high: number, shape: Shape, options?: RandomOptions): Tensor;
/**
 * Integers from `low` (0) up to but not including `high`. int64 unless another dtype is given.
 *
 * @throws ValueError when there is none.
 *
 * @example
 * ```ts
 * import { manualSeed, randint } from "@flambeau/tensor";
 *
 * manualSeed(0);
 * console.log(String(randint(10, [4])));
 * // tensor([4, 9, 3, 0])
 * ```
 */
export function randint(...args: (number | Shape | RandomOptions | undefined)[]): Tensor {
  const bounds = args.filter((a): a is number => typeof a === "number");
  const [low, high] = bounds.length === 1 ? [0, bounds[0]] : bounds;
  const shape = args[bounds.length] as Shape;
  const options = (args[bounds.length + 1] ?? {}) as RandomOptions;
  const dtype = options.dtype === undefined ? "int64" : checkDType(options.dtype);
  return made(shape, dtype, options, (out) =>
    draw.randint(options.generator ?? defaultGenerator, out, low, high, dtype),
  );
}

/**
 * The integers 0 to n - 1 in random order. int64 unless another dtype is given.
 *
 * @throws ValueError when the dtype cannot hold every number; ShapeError when n is negative or no integer.
 *
 * @example
 * ```ts
 * import { manualSeed, randperm } from "@flambeau/tensor";
 *
 * manualSeed(0);
 * console.log(String(randperm(5)));
 * // tensor([4, 0, 1, 3, 2])
 * ```
 */
export function randperm(n: number, options: RandomOptions = {}): Tensor {
  const dtype = options.dtype === undefined ? "int64" : checkDType(options.dtype);
  return made([n], dtype, options, (out) => draw.randperm(options.generator ?? defaultGenerator, out, dtype));
}

/**
 * As `rand`, with the shape, dtype and device of another tensor.
 *
 * @throws DTypeError for integer dtypes.
 *
 * @example
 * ```ts
 * import { manualSeed, randLike, zeros } from "@flambeau/tensor";
 *
 * manualSeed(0);
 * console.log(String(randLike(zeros([2], { dtype: "float64" }))));
 * // tensor([0.9701, 0.7078], dtype=float64)
 * ```
 */
export function randLike(x: Tensor, options: RandomOptions = {}): Tensor {
  if (x.isContiguous()) return rand(x.shape, like(x, options));
  floatDType("randLike", like(x, options));
  return drawnLike(x, options, uniform_);
}

/**
 * As `randn`, with the shape, dtype and device of another tensor.
 *
 * @throws DTypeError for integer dtypes.
 *
 * @example
 * ```ts
 * import { manualSeed, randnLike, zeros } from "@flambeau/tensor";
 *
 * manualSeed(0);
 * console.log(String(randnLike(zeros([2]))));
 * // tensor([ 1.5410, -0.2934])
 * ```
 */
export function randnLike(x: Tensor, options: RandomOptions = {}): Tensor {
  if (x.isContiguous()) return randn(x.shape, like(x, options));
  floatDType("randnLike", like(x, options));
  return drawnLike(x, options, normal_);
}

export function randintLike(x: Tensor, high: number, options?: RandomOptions): Tensor;
export function randintLike(x: Tensor, low: number, high: number, options?: RandomOptions): Tensor;
/**
 * As `randint`, with the shape, dtype and device of another tensor.
 *
 * @throws ValueError when there is none.
 *
 * @example
 * ```ts
 * import { manualSeed, randintLike, zeros } from "@flambeau/tensor";
 *
 * manualSeed(0);
 * console.log(String(randintLike(zeros([2]), 0, 10)));
 * // tensor([4., 9.])
 * ```
 */
export function randintLike(...args: [Tensor, ...(number | RandomOptions | undefined)[]]): Tensor {
  const [x, ...rest] = args;
  const bounds = rest.filter((a): a is number => typeof a === "number");
  const [low, high] = bounds.length === 1 ? [0, bounds[0]] : bounds;
  const options = (rest[bounds.length] ?? {}) as RandomOptions;
  if (x.isContiguous()) return randint(low, high, x.shape, like(x, options));
  return drawnLike(x, options, (out) =>
    drawInto("randintLike", out, (numbers) =>
      draw.randint(options.generator ?? defaultGenerator, numbers, low, high, out.dtype),
    ),
  );
}

/** In memory as PyTorch's: the draws come in the order in which the elements of a permuted tensor lie. */
function drawnLike(
  x: Tensor,
  { requiresGrad, ...options }: RandomOptions,
  fill: (out: Tensor, a: undefined, b: undefined, options: DrawOptions) => Tensor,
): Tensor {
  const out = fill(emptyLike(x, options), undefined, undefined, options);
  return requiresGrad ? out.requiresGrad_() : out;
}

/**
 * Which draws lie below probabilities that JavaScript cannot see yet: the same draws as if it could, compared on the
 * device. Uniform draws of float32 have 24 bits, so the comparison is exact.
 */
function successes(generator: Generator, p: Tensor): Tensor {
  const dtype = p.dtype === "float64" ? "float64" : "float32";
  const draws = typedArray(dtype, p.numel()) as FloatArray;
  draw.uniform(generator, draws);
  return lt(new Tensor(p.storage.backend.upload(dtype, draws), p.shape), p);
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
function drawInto(what: string, x: Tensor, fill: (out: TypedArray) => void): Tensor {
  x.checkUsable(what);
  refuseOverlap(what, x);
  const out = typedArray(x.dtype, x.numel());
  return writeInPlace("fill", [x, 0], undefined, x, () => {
    fill(out);
    const target = inMemory(x);
    copyInto(target, new Tensor(x.storage.backend.upload(x.dtype, out), target.shape));
  });
}

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
export function uniform_(x: Tensor, from = 0, to = 1, options: DrawOptions = {}): Tensor {
  return drawInto("uniform_", x, (out) =>
    draw.uniform(options.generator ?? defaultGenerator, out as FloatArray, from, to),
  );
}

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
export function normal_(x: Tensor, mean = 0, std = 1, options: DrawOptions = {}): Tensor {
  return drawInto("normal_", x, (out) =>
    draw.normal(
      options.generator ?? defaultGenerator,
      out as FloatArray,
      mean,
      std,
      x.isContiguous() ? undefined : false,
    ),
  );
}

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
export function exponential_(x: Tensor, lambd = 1, options: DrawOptions = {}): Tensor {
  return drawInto("exponential_", x, (out) =>
    draw.exponential(options.generator ?? defaultGenerator, out as FloatArray, lambd),
  );
}

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
export function random_(
  x: Tensor,
  from?: number | bigint,
  to?: number | bigint,
  options: DrawOptions = {},
): Tensor {
  const [low, high] = to === undefined && from !== undefined ? [0, from] : [from, to];
  return drawInto("random_", x, (out) =>
    draw.random(options.generator ?? defaultGenerator, out, low, high, x.dtype),
  );
}

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
export function bernoulli_(x: Tensor, p: number | Tensor = 0.5, options: DrawOptions = {}): Tensor {
  const generator = options.generator ?? defaultGenerator;
  if (p instanceof Tensor && !isFloat(p.dtype)) {
    throw new DTypeError(`bernoulli_ takes probabilities as floats; got ${p.dtype}`);
  }
  if (p instanceof Tensor && !isReadable(p.storage.backend)) {
    x.checkUsable("bernoulli_");
    refuseOverlap("bernoulli_", x);
    commonBackend("bernoulli_", [x, p]);
    const wide = p.detach().expand(x.shape);
    return writeInPlace("fill", [x, 0], undefined, x, () =>
      copyInto(inMemory(x), successes(generator, inMemory(wide, x))),
    );
  }
  return drawInto("bernoulli_", x, (out) => {
    if (p instanceof Tensor)
      draw.bernoulliEach(generator, out, inMemory(p.expand(x.shape), x).dataSync() as FloatArray);
    else draw.bernoulli(generator, out, p);
  });
}

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
export function logNormal_(x: Tensor, mean = 1, std = 2, options: DrawOptions = {}): Tensor {
  return drawInto("logNormal_", x, (out) =>
    draw.logNormal(options.generator ?? defaultGenerator, out as FloatArray, mean, std),
  );
}

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
export function geometric_(x: Tensor, p: number, options: DrawOptions = {}): Tensor {
  return drawInto("geometric_", x, (out) => draw.geometric(options.generator ?? defaultGenerator, out, p));
}

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
export function cauchy_(x: Tensor, median = 0, sigma = 1, options: DrawOptions = {}): Tensor {
  return drawInto("cauchy_", x, (out) =>
    draw.cauchy(options.generator ?? defaultGenerator, out as FloatArray, median, sigma),
  );
}

/**
 * Ones and zeros, each one with the probability that its element gives.
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
export function bernoulli(p: Tensor, options: DrawOptions = {}): Tensor {
  if (!isFloat(p.dtype)) throw new DTypeError(`bernoulli takes probabilities as floats; got ${p.dtype}`);
  if (!isReadable(p.storage.backend))
    return successes(options.generator ?? defaultGenerator, p.detach()).to(p.dtype);
  return made(p.shape, p.dtype, { device: p.device }, (out) =>
    draw.bernoulliEach(options.generator ?? defaultGenerator, out, p.dataSync() as FloatArray),
  );
}

/**
 * Normal numbers with the means and standard deviations that `mean` and `std` give, each a tensor or a number.
 *
 * @throws ValueError when a standard deviation is negative (in a tensor on a device that cannot be read at once its sign
 *   counts for nothing but the sign of what is added), or a shape is given with tensors or missing without; ShapeError
 *   when the two do not broadcast.
 *
 * @example
 * ```ts
 * import { manualSeed, normal, tensor } from "@flambeau/tensor";
 *
 * manualSeed(0);
 * console.log(String(normal(0, tensor([1, 10, 100]))));
 * // tensor([   1.5410,   -2.9343, -217.8789])
 * ```
 */
export function normal(
  mean: Tensor | number,
  std: Tensor | number,
  shape?: Shape,
  options: RandomOptions = {},
): Tensor {
  if (mean instanceof Tensor || std instanceof Tensor) {
    if (shape !== undefined) throw new ValueError("normal takes a shape only when mean and std are numbers");
    const known = std instanceof Tensor && std.numel() > 0 && isReadable(std.storage.backend);
    const least = known ? std.detach().amin().itemSync() : std instanceof Tensor ? 0 : std;
    if (least < 0) throw new ValueError(`normal: standard deviations are not negative; got ${least}`);
    const like =
      mean instanceof Tensor && std instanceof Tensor
        ? mean.add(std)
        : mean instanceof Tensor
          ? mean
          : (std as Tensor);
    return randn(like.shape, { ...options, dtype: like.dtype, device: like.device })
      .mul(std)
      .add(mean);
  }
  if (shape === undefined) throw new ValueError("normal needs a shape when mean and std are numbers");
  return made(shape, floatDType("normal", options), options, (out) =>
    draw.normal(options.generator ?? defaultGenerator, out as FloatArray, mean, std),
  );
}

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
export function multinomial(
  weights: Tensor,
  numSamples: number,
  options: DrawOptions & { readonly replacement?: boolean } = {},
): Tensor {
  if (weights.ndim < 1 || weights.ndim > 2) {
    throw new ShapeError(
      `multinomial takes a vector or a matrix of weights; got shape ${formatShape(weights.shape)}`,
    );
  }
  if (!isFloat(weights.dtype))
    throw new DTypeError(`multinomial takes weights as floats; got ${weights.dtype}`);
  const rows = weights.ndim === 2 ? weights.shape[0] : 1;
  const categories = weights.shape[weights.ndim - 1];
  const shape = weights.ndim === 2 ? [rows, numSamples] : [numSamples];
  const sizes = { rows, categories, samples: numSamples };
  const { replacement = false, generator = defaultGenerator } = options;
  const { backend } = weights.storage;
  if (!isReadable(backend)) {
    // The draws are taken from the stream now; what they choose is found out when the weights are there.
    const draws = draw.multinomialDraws(
      generator,
      typedArray(weights.dtype, 0) as FloatArray,
      sizes,
      replacement,
    );
    const out = Tensor.empty(backend, shape, "int64");
    backend.onHost([weights], [out], ([elements]) => {
      const chosen = new BigInt64Array(rows * numSamples);
      draw.multinomialChoice(chosen, elements as FloatArray, sizes, draws, replacement);
      return [chosen];
    });
    return out;
  }
  return made(shape, "int64", { device: weights.device }, (out) =>
    draw.multinomial(generator, out as BigInt64Array, weights.dataSync() as FloatArray, sizes, replacement),
  );
}
