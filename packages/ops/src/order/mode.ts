/** The element that is there most often. */
import { formatShape, IndexError, normalizeDim } from "@flambeau/backend";
import {
  type Callable,
  callable,
  gather,
  named,
  namedTuple,
  Tensor,
  type ValuesAndIndices,
} from "@flambeau/tensor";
import { type Elements, lanesOf, onHost } from "./host.ts";

const MODE = "mode(input, dim = -1, keepdim = false)";

/**
 * The element that is most often along a dimension, of several the smallest, and the last place where it is. nan is equal to
 * nothing. The gradient goes to that place. Found on the CPU, whatever the device.
 *
 * @throws IndexError when there is no such dimension, or no element along it.
 *
 * @example
 * ```ts
 * import { mode } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * const { values, indices } = mode(tensor([3, 1, 3, 1, 2]));
 * console.log(String(values), String(indices));
 * // tensor(1.) tensor(3)
 * ```
 */
export const mode: Callable<typeof MODE, ValuesAndIndices> = callable(MODE, (x, dim, keepdim) => {
  const d = normalizeDim(dim, x.ndim);
  if (x.shape[d] === 0)
    throw new IndexError(`mode: there is no element along dimension ${d} of shape ${formatShape(x.shape)}`);
  const lanes = lanesOf(x.shape, d);
  const shape = x.shape.map((size, i) => (i === d ? 1 : size));
  const indices = Tensor.empty(x.storage.backend, shape, "int64");
  onHost([x], [indices], ([values], [places]) => {
    const found = places as unknown as BigInt64Array;
    const order = new Uint32Array(lanes.size);
    for (let lane = 0; lane < lanes.count; lane++)
      found[lane] = BigInt(mostFrequent(values, lanes.start(lane), lanes.step, order));
  });
  const values = named(gather(x, d, indices), "Mode");
  if (keepdim || x.ndim === 0) return namedTuple({ values, indices });
  return namedTuple({ values: named(values.squeeze(d), "Mode"), indices: indices.squeeze(d) });
});

/** The place of a lane's mode. `order` has as many elements as the lane. */
function mostFrequent(values: Elements, start: number, step: number, order: Uint32Array): number {
  const at = (i: number): number => values[start + i * step];
  for (let i = 0; i < order.length; i++) order[i] = i;
  // nan is last, as in `sort`.
  order.sort((i, j) => {
    const [a, b] = [at(i), at(j)];
    return a < b ? -1 : a > b ? 1 : Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  });
  let [place, most, run] = [0, 0, 0];
  for (let i = 0; i < order.length; i++) {
    run++;
    if (i + 1 < order.length && at(order[i + 1]) === at(order[i])) continue;
    if (run > most) [place, most] = [order[i], run];
    run = 0;
  }
  return place;
}
