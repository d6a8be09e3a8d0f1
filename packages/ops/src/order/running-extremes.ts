/** The largest and the smallest elements so far. */
import { normalizeDim } from "@flambeau/backend";
import {
  type Callable,
  callable,
  gather,
  named,
  namedTuple,
  Tensor,
  type ValuesAndIndices,
} from "@flambeau/tensor";
import { lanesOf, onHost } from "./host.ts";

/** Of equal elements the last counts, and nan more than any. */
function running(
  name: string,
  x: Tensor,
  dim: number,
  isAsGood: (a: number, b: number) => boolean,
): ValuesAndIndices {
  const d = normalizeDim(dim, x.ndim);
  const indices = Tensor.empty(x.storage.backend, x.shape, "int64");
  const { count, size, step, start } = lanesOf(x.shape, d);
  onHost([x], [indices], ([values], [places]) => {
    const found = places as unknown as BigInt64Array;
    for (let lane = 0; lane < count; lane++) {
      const first = start(lane);
      let best = 0;
      for (let i = 0; i < size; i++) {
        const [value, before] = [values[first + i * step], values[first + best * step]];
        // biome-ignore lint/suspicious/noSelfCompare: nan alone differs from itself, and no bigint does
        if (value !== value || (before === before && isAsGood(value, before))) best = i;
        found[first + i * step] = BigInt(best);
      }
    }
  });
  return namedTuple({ values: named(gather(x, d, indices), name), indices });
}

const CUMMAX = "cummax(input, dim)";

/**
 * The largest of the elements up to and including each one along a dimension, and where it is: of equal ones the last. nan is
 * larger than any. The gradient goes to the elements that were chosen. Chosen on the CPU, whatever the device.
 *
 * @throws IndexError when there is no such dimension.
 *
 * @example
 * ```ts
 * import { cummax } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * const { values, indices } = cummax(tensor([2, 1, 5, 3]), 0);
 * console.log(String(values), String(indices));
 * // tensor([2., 2., 5., 5.]) tensor([0, 0, 2, 2])
 * ```
 */
export const cummax: Callable<typeof CUMMAX, ValuesAndIndices> = callable(CUMMAX, (x, dim) =>
  running("Cummax", x, dim, (a, b) => a >= b),
);

const CUMMIN = "cummin(input, dim)";

/**
 * The smallest of the elements up to and including each one along a dimension, and where it is; see `cummax`.
 *
 * @throws IndexError when there is no such dimension.
 *
 * @example
 * ```ts
 * import { cummin } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * const { values, indices } = cummin(tensor([2, 1, 5, 1]), 0);
 * console.log(String(values), String(indices));
 * // tensor([2., 1., 1., 1.]) tensor([0, 1, 1, 3])
 * ```
 */
export const cummin: Callable<typeof CUMMIN, ValuesAndIndices> = callable(CUMMIN, (x, dim) =>
  running("Cummin", x, dim, (a, b) => a <= b),
);
