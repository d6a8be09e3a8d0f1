import { DTypeError, isFloat, quote, ValueError } from "@flambeau/backend";
import { type Callable, callable, defaultGenerator, type Tensor, tensor, where } from "@flambeau/tensor";

const RRELU =
  "rrelu(input, lower: number = 0.125, upper: number = 0.3333333333333333, training = false, inplace = false)";

/**
 * `x` above zero; below it `x` times a slope, which in training is drawn for each element uniformly from `lower` to `upper`, and is their
 * mean otherwise. The draws are PyTorch's for the same seed. Source: Xu et al. 2015.
 *
 * @throws ValueError when `lower` is above `upper`; DTypeError when the input is no float.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(F.rrelu(tensor([-1, 2]), 0.1, 0.3));
 * // tensor([-0.2000,  2.0000])
 * ```
 */
export const rrelu: Callable<typeof RRELU, Tensor> = callable(RRELU, (x, lower, upper, training, inplace) => {
  if (!(lower <= upper))
    throw new ValueError(`rrelu: lower is at most upper; got ${quote(lower)} and ${quote(upper)}`);
  if (!isFloat(x.dtype)) throw new DTypeError(`rrelu takes floats; got ${x.dtype}`);
  const { dtype, device } = x;
  const mean = tensor((lower + upper) / 2, { dtype, device });
  const slopes = training ? drawn(x, lower, upper) : where(x.detach().gt(0), 1, mean);
  return inplace ? x.mul_(slopes) : x.mul(slopes);
});

/**
 * A slope for each element that is not above zero, one for the others: in the order of the elements. Where these cannot be read at
 * once, as many are drawn as there are elements, of which the first ones are taken.
 */
function drawn(x: Tensor, lower: number, upper: number): Tensor {
  const { dtype, device, shape } = x;
  const draw = (): number => defaultGenerator.uniform53() * (upper - lower) + lower;
  if (x.storage.backend.downloadSync === undefined) {
    const all = tensor(Float64Array.from({ length: x.numel() }, draw), { dtype, device });
    const isDrawn = x.detach().le(0).flatten();
    const order = isDrawn.to("int64").cumsum(0).sub(1).clampMin(0);
    return where(isDrawn, all.indexSelect(0, order), 1).reshape(shape);
  }
  const elements = x.detach().dataSync();
  const slopes = Float64Array.from(elements, (value) => (Number(value) <= 0 ? draw() : 1));
  return tensor(slopes, { dtype, device }).reshape(shape);
}
