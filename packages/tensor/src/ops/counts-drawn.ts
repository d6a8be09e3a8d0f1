/**
 * Random counts, with what they are drawn from in tensors. How many numbers a count takes from the stream depends on its rate.
 *
 * @module
 */
import { broadcastShapes, DTypeError, isFloat, type TypedArray, typedArray } from "@flambeau/backend";
import { callable } from "../call/callable.ts";
import type { Callable } from "../call/signature.ts";
import { commonBackend } from "../dispatch/devices.ts";
import { observed } from "../dispatch/observe.ts";
import * as draw from "../random/index.ts";
import { type FloatArray, Generator, generatorOf } from "../random/index.ts";
import { Tensor } from "../tensor.ts";
import { isReadable } from "./unreadable.ts";
import { expand } from "./views.ts";

/**
 * What `fill` draws for each element of the inputs, which have one shape and dtype. Where they cannot be read at once, the draws
 * come from a stream of their own, whose seed is taken from the generator now.
 *
 * @throws DTypeError when the inputs are no floats, or of several dtypes.
 */
function drawn(
  what: string,
  inputs: readonly Tensor[],
  generator: Generator,
  fill: (from: Generator, out: FloatArray, inputs: readonly FloatArray[]) => void,
): Tensor {
  const [first] = inputs;
  if (!isFloat(first.dtype) || inputs.some(({ dtype }) => dtype !== first.dtype))
    throw new DTypeError(
      `${what} takes floats of one dtype; got ${inputs.map((x) => x.dtype).join(" and ")}`,
    );
  const backend = commonBackend(what, inputs);
  const from = isReadable(backend) ? generator : new Generator().manualSeed(generator.random64());
  const { shape, dtype } = first;
  return observed("op", what, inputs, { shape, dtype }, () => {
    const out = Tensor.empty(backend, shape, dtype);
    const plain = inputs.map((x) => x.detach());
    backend.onHost(plain, [out], (arrays: readonly TypedArray[]) => {
      const result = typedArray(dtype, out.numel()) as FloatArray;
      fill(from, result, arrays as readonly FloatArray[]);
      return [result];
    });
    return out;
  });
}

const POISSON = "poisson(input, *, generator?)";

/**
 * Counts of Poisson distributions, one for each element, which is its rate. The dtype is that of the rates.
 *
 * On a device that cannot be read at once the numbers are other ones than on the CPU, the same for each seed.
 *
 * @throws ValueError when a rate is negative (on such a device, at the next read); DTypeError when they are no floats.
 *
 * @example
 * ```ts
 * import { manualSeed, poisson, tensor } from "@flambeau/tensor";
 *
 * manualSeed(0);
 * console.log(String(poisson(tensor([0.5, 4, 30]))));
 * // tensor([ 2.,  5., 26.])
 * ```
 */
export const poisson: Callable<typeof POISSON, Tensor> = callable(POISSON, (rates, options) =>
  drawn("poisson", [rates], generatorOf(options), (from, out, [rate]) => draw.poisson(from, out, rate)),
);

const BINOMIAL = "binomial(count: tensor, prob: tensor, *, generator?)";

/**
 * How many of `count` trials succeed, each with the probability `prob`; the two broadcast, and have the dtype of the result.
 *
 * On a device that cannot be read at once the numbers are other ones than on the CPU, the same for each seed.
 *
 * @throws ValueError when a count is negative or no integer, or a probability not within [0, 1] (on such a device, at the next
 *   read); DTypeError when they are no floats of one dtype; ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { binomial, manualSeed, tensor } from "@flambeau/tensor";
 *
 * manualSeed(0);
 * console.log(String(binomial(tensor([10, 100]), tensor([0.1, 0.5]))));
 * // tensor([ 2., 59.])
 * ```
 */
export const binomial: Callable<typeof BINOMIAL, Tensor> = callable(BINOMIAL, (count, prob, options) => {
  const shape = broadcastShapes(count.shape, prob.shape);
  return drawn(
    "binomial",
    [expand(count, shape), expand(prob, shape)],
    generatorOf(options),
    (from, out, [counts, probs]) => draw.binomial(from, out, counts, probs),
  );
});
