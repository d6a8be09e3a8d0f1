/**
 * Special functions and norms of slices that are written over their input: methods in PyTorch, and no functions of its namespaces.
 *
 * @module
 */
import { renorm } from "@flambeau/linalg";
import { digamma, gammainc, gammaincc, gammaln, i0, multigammaln, polygamma, sinc } from "@flambeau/special";
import { type Callable, callable, type Tensor, writeOver } from "@flambeau/tensor";

const DIGAMMA = "digamma_(input)";

/**
 * `digamma` in place: writes the result over `input` and gives it.
 *
 * @throws as `digamma`; ShapeError when the result is larger than the tensor, DTypeError when its dtype is a higher one. Nothing is written then.
 *
 * @example
 * ```ts
 * import { digamma_, tensor } from "flambeau";
 *
 * console.log(String(digamma_(tensor([1, 2]))));
 * // tensor([-0.5772,  0.4228])
 * ```
 */
export const digamma_: Callable<typeof DIGAMMA, Tensor> = callable(DIGAMMA, (x) =>
  writeOver("digamma_", x, (x) => digamma(x)),
);

const LGAMMA = "lgamma_(input)";

/**
 * `lgamma` in place: writes the result over `input` and gives it.
 *
 * @throws as `lgamma`; ShapeError when the result is larger than the tensor, DTypeError when its dtype is a higher one. Nothing is written then.
 *
 * @example
 * ```ts
 * import { lgamma_, tensor } from "flambeau";
 *
 * console.log(String(lgamma_(tensor([1, 4]))));
 * // tensor([0.0000, 1.7918])
 * ```
 */
export const lgamma_: Callable<typeof LGAMMA, Tensor> = callable(LGAMMA, (x) =>
  writeOver("lgamma_", x, (x) => gammaln(x)),
);

const POLYGAMMA = "polygamma_(input, n: int)";

interface Order {
  /** Which derivative of `digamma`, from 0. */
  readonly n: number;
}

/**
 * `polygamma` in place: writes the result over `input` and gives it.
 *
 * @throws as `polygamma`; ShapeError when the result is larger than the tensor, DTypeError when its dtype is a higher one. Nothing is written then.
 *
 * @example
 * ```ts
 * import { polygamma_, tensor } from "flambeau";
 *
 * console.log(String(polygamma_(tensor([1, 2]), 1)));
 * // tensor([1.6449, 0.6449])
 * ```
 */
export const polygamma_: Callable<typeof POLYGAMMA, Tensor, Order> = callable<
  typeof POLYGAMMA,
  Tensor,
  Order
>(POLYGAMMA, (x, n) => writeOver("polygamma_", x, (x) => polygamma(n, x)));

const IGAMMA = "igamma_(input, other: tensor)";

/**
 * `igamma` in place: writes the result over `input` and gives it.
 *
 * @throws as `igamma`; ShapeError when the result is larger than the tensor, DTypeError when its dtype is a higher one. Nothing is written then.
 *
 * @example
 * ```ts
 * import { igamma_, tensor } from "flambeau";
 *
 * console.log(String(igamma_(tensor([1, 2]), tensor([0.5, 3]))));
 * // tensor([0.3935, 0.8009])
 * ```
 */
export const igamma_: Callable<typeof IGAMMA, Tensor> = callable(IGAMMA, (x, other) =>
  writeOver("igamma_", x, (x) => gammainc(x, other)),
);

const IGAMMAC = "igammac_(input, other: tensor)";

/**
 * `igammac` in place: writes the result over `input` and gives it.
 *
 * @throws as `igammac`; ShapeError when the result is larger than the tensor, DTypeError when its dtype is a higher one. Nothing is written then.
 *
 * @example
 * ```ts
 * import { igammac_, tensor } from "flambeau";
 *
 * console.log(String(igammac_(tensor([1, 2]), tensor([0.5, 3]))));
 * // tensor([0.6065, 0.1991])
 * ```
 */
export const igammac_: Callable<typeof IGAMMAC, Tensor> = callable(IGAMMAC, (x, other) =>
  writeOver("igammac_", x, (x) => gammaincc(x, other)),
);

const MVLGAMMA = "mvlgamma_(input, p: int)";

interface Dimension {
  /** The number of dimensions. */
  readonly p: number;
}

/**
 * `mvlgamma` in place: writes the result over `input` and gives it.
 *
 * @throws as `mvlgamma`; ShapeError when the result is larger than the tensor, DTypeError when its dtype is a higher one. Nothing is written then.
 *
 * @example
 * ```ts
 * import { mvlgamma_, tensor } from "flambeau";
 *
 * console.log(String(mvlgamma_(tensor([2, 3]), 2)));
 * // tensor([0.4516, 1.5502])
 * ```
 */
export const mvlgamma_: Callable<typeof MVLGAMMA, Tensor, Dimension> = callable<
  typeof MVLGAMMA,
  Tensor,
  Dimension
>(MVLGAMMA, (x, p) => writeOver("mvlgamma_", x, (x) => multigammaln(x, p)));

const I0 = "i0_(input)";

/**
 * `i0` in place: writes the result over `input` and gives it.
 *
 * @throws as `i0`; ShapeError when the result is larger than the tensor, DTypeError when its dtype is a higher one. Nothing is written then.
 *
 * @example
 * ```ts
 * import { i0_, tensor } from "flambeau";
 *
 * console.log(String(i0_(tensor([0, 1]))));
 * // tensor([1.0000, 1.2661])
 * ```
 */
export const i0_: Callable<typeof I0, Tensor> = callable(I0, (x) => writeOver("i0_", x, (x) => i0(x)));

const SINC = "sinc_(input)";

/**
 * `sinc` in place: writes the result over `input` and gives it.
 *
 * @throws as `sinc`; ShapeError when the result is larger than the tensor, DTypeError when its dtype is a higher one. Nothing is written then.
 *
 * @example
 * ```ts
 * import { sinc_, tensor } from "flambeau";
 *
 * console.log(String(sinc_(tensor([0, 0.5]))));
 * // tensor([1.0000, 0.6366])
 * ```
 */
export const sinc_: Callable<typeof SINC, Tensor> = callable(SINC, (x) =>
  writeOver("sinc_", x, (x) => sinc(x)),
);

const RENORM = "renorm_(input, p: number, dim: int, maxnorm: number)";

interface Renorm {
  /** The order of the norm. */
  readonly p: number;
  /** The dimension whose slices are measured. */
  readonly dim: number;
  /** What norms are to be at most. */
  readonly maxnorm: number;
}

/**
 * `renorm` in place: writes the result over `input` and gives it.
 *
 * @throws as `renorm`; ShapeError when the result is larger than the tensor, DTypeError when its dtype is a higher one. Nothing is written then.
 *
 * @example
 * ```ts
 * import { renorm_, tensor } from "flambeau";
 *
 * console.log(String(renorm_(tensor([[3, 4], [0.6, 0.8]]), 2, 0, 1)));
 * // tensor([[0.6000, 0.8000],
 * //         [0.6000, 0.8000]])
 * ```
 */
export const renorm_: Callable<typeof RENORM, Tensor, Renorm> = callable<typeof RENORM, Tensor, Renorm>(
  RENORM,
  (x, p, dim, maxnorm) => writeOver("renorm_", x, (x) => renorm(x, p, dim, maxnorm)),
);
