/**
 * Tensors of random numbers: PyTorch's own stream on the CPU, so that a seed gives the same numbers as there.
 *
 * @module
 */
import { type DType, DTypeError, isFloat, quote, type Shape, ValueError } from "@flambeau/backend";
import { callable, overloaded } from "../call/callable.ts";
import type { Callable, Overloaded } from "../call/signature.ts";
import { emptyLike } from "../creation.ts";
import { getDefaultDType } from "../defaults.ts";
import { drawn, like, type TensorOptions } from "../making.ts";
import * as draw from "../random/index.ts";
import { type FloatArray, type Generator, generatorOf } from "../random/index.ts";
import { useSimdDraws } from "../random/simd-draws.ts";
import { named } from "../recorder.ts";
import { Tensor } from "../tensor.ts";
import { type DrawOptions, normal_, random_, uniform_ } from "./draws.ts";
import { isReadable } from "./unreadable.ts";

/** Options of functions that draw random numbers. */
export interface RandomOptions extends TensorOptions {
  /** The stream to draw from. Default: the one that `manualSeed` seeds. */
  readonly generator?: Generator;
}

function floatDType(what: string, options: RandomOptions): DType {
  const dtype = options.dtype ?? getDefaultDType();
  if (!isFloat(dtype)) throw new DTypeError(`${what} makes floats; got ${dtype}`);
  return dtype;
}

const RAND = "rand(size, *, ...drawing)";

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
export const rand: Callable<typeof RAND, Tensor> = callable(RAND, (shape, options) => {
  useSimdDraws();
  const dtype = floatDType("rand", options);
  return drawn("rand", [], shape, dtype, options, (out) =>
    draw.uniform(generatorOf(options), out as FloatArray, 0, 1, dtype),
  );
});

const RANDN = "randn(size, *, ...drawing)";

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
export const randn: Callable<typeof RANDN, Tensor> = callable(RANDN, (shape, options) => {
  useSimdDraws();
  const dtype = floatDType("randn", options);
  return drawn("randn", [], shape, dtype, options, (out) =>
    draw.normal(generatorOf(options), out as FloatArray, 0, 1, undefined, dtype),
  );
});

const RANDINT = "randint(low: int, high: int, size, *, ...drawing)";
const RANDINT_BELOW = "randint(high: int, size, *, ...drawing)";

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
export const randint: Overloaded<[Callable<typeof RANDINT_BELOW, Tensor>, Callable<typeof RANDINT, Tensor>]> =
  overloaded(
    callable(RANDINT_BELOW, (high, size, options) => integers(0, high, size, options)),
    callable(RANDINT, integers),
  );

function integers(low: number, high: number, size: Shape, options: RandomOptions): Tensor {
  useSimdDraws();
  const dtype = options.dtype ?? "int64";
  return drawn("randint", [], size, dtype, options, (out) =>
    draw.randint(generatorOf(options), out, low, high, dtype),
  );
}

const RANDPERM = "randperm(n, *, ...drawing)";

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
export const randperm: Callable<typeof RANDPERM, Tensor> = callable(RANDPERM, (n, options) => {
  useSimdDraws();
  const dtype = options.dtype ?? "int64";
  return drawn("randperm", [], [n], dtype, options, (out) => draw.randperm(generatorOf(options), out, dtype));
});

const RAND_LIKE = "randLike(input, *, ...drawing)";

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
export const randLike: Callable<typeof RAND_LIKE, Tensor> = callable(RAND_LIKE, (x, options) => {
  if (x.isContiguous()) return rand(x.shape, like(x, options));
  floatDType("randLike", like(x, options));
  useSimdDraws();
  return drawnLike(x, options, (out, from) => uniform_(out, from));
});

const RANDN_LIKE = "randnLike(input, *, ...drawing)";

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
export const randnLike: Callable<typeof RANDN_LIKE, Tensor> = callable(RANDN_LIKE, (x, options) => {
  if (x.isContiguous()) return randn(x.shape, like(x, options));
  floatDType("randnLike", like(x, options));
  useSimdDraws();
  return drawnLike(x, options, (out, from) => normal_(out, from));
});

const RANDINT_LIKE = "randintLike(input, low: int, high: int, *, ...drawing)";
const RANDINT_LIKE_BELOW = "randintLike(input, high: int, *, ...drawing)";

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
export const randintLike: Overloaded<
  [Callable<typeof RANDINT_LIKE_BELOW, Tensor>, Callable<typeof RANDINT_LIKE, Tensor>]
> = overloaded(
  callable(RANDINT_LIKE_BELOW, (x, high, options) => integersLike(x, 0, high, options)),
  callable(RANDINT_LIKE, integersLike),
);

function integersLike(x: Tensor, low: number, high: number, options: RandomOptions): Tensor {
  if (x.isContiguous()) return integers(low, high, x.shape, like(x, options));
  return drawnLike(x, options, (out, { generator }) => random_(out, low, high, { generator }));
}

/** In memory as PyTorch's: the draws come in the order in which the elements of a permuted tensor lie. */
function drawnLike(
  x: Tensor,
  { requiresGrad, generator, dtype, device }: RandomOptions,
  fill: (out: Tensor, options: DrawOptions) => Tensor,
): Tensor {
  const out = fill(emptyLike(x, { dtype, device }), { generator });
  return requiresGrad ? out.requiresGrad_() : out;
}

/** PyTorch numbers the nodes by which of the two is a tensor. */
function nodeOf(mean: number | Tensor, std: number | Tensor): string {
  if (!(std instanceof Tensor)) return "NormalBackward1";
  return mean instanceof Tensor ? "NormalBackward3" : "NormalBackward2";
}

const NORMAL = "normal(mean: number|tensor = 0, std: number|tensor = 1, size?, *, ...drawing)";

/**
 * Normal numbers with the means and standard deviations that `mean` and `std` give, each a tensor or a number. The derivative is zero;
 * `distributions.Normal` has draws that are derived by both.
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
export const normal: Callable<typeof NORMAL, Tensor> = callable(NORMAL, (mean, std, shape, options) => {
  if (mean instanceof Tensor || std instanceof Tensor) {
    if (shape !== undefined) throw new ValueError("normal takes a shape only when mean and std are numbers");
    const known = std instanceof Tensor && std.numel() > 0 && isReadable(std.storage.backend);
    const least = known ? std.detach().amin().itemSync() : std instanceof Tensor ? 0 : std;
    if (least < 0) throw new ValueError(`normal: standard deviations are not negative; got ${quote(least)}`);
    const like =
      mean instanceof Tensor && std instanceof Tensor
        ? mean.add(std)
        : mean instanceof Tensor
          ? mean
          : (std as Tensor);
    const value = (x: number | Tensor): number | Tensor => (x instanceof Tensor ? x.detach() : x);
    const drawn = randn(like.shape, { ...options, dtype: like.dtype, device: like.device })
      .mul(value(std))
      .add(value(mean));
    // Draws written over the parameters: the derivative is zero, as PyTorch's.
    return like.requiresGrad ? named(like.clone().copy_(drawn), nodeOf(mean, std)) : drawn;
  }
  if (shape === undefined) throw new ValueError("normal needs a shape when mean and std are numbers");
  useSimdDraws();
  return drawn("normal", [], shape, floatDType("normal", options), options, (out) =>
    draw.normal(generatorOf(options), out as FloatArray, mean, std),
  );
});
