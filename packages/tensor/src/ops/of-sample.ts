/** Statistics of samples: what `var` and `std`, alone and with the mean, are called with. */
import { callable, overloaded } from "../call/callable.ts";
import type { Callable, Overloaded } from "../call/signature.ts";
import type { Tensor } from "../tensor.ts";
import type { Dims } from "./reduction.ts";

const CORRECTED = "(input, dim?: int|ints, *, correction?: number, keepdim = false)";
const UNBIASED = "(input, dim?: int|ints, unbiased = true, keepdim = false)";
const OF_ALL = "(input, unbiased: bool)";

/** The forms of `var`, `std` and of those two with the mean: by a correction, or by PyTorch's older flag. */
export type OfSample<N extends string, R> = Overloaded<
  [
    Callable<`${N}${typeof CORRECTED}`, R>,
    Callable<`${N}${typeof UNBIASED}`, R>,
    Callable<`${N}${typeof OF_ALL}`, R>,
  ]
>;

/** A statistic whose divisor is the number of elements less a correction. */
export function ofSample<N extends string, R>(
  name: N,
  run: (x: Tensor, dim: Dims, correction: number, keepdim: boolean) => R,
): OfSample<N, R> {
  // Any name has these parameters, which TypeScript reads of a name that is fixed.
  const any = name as "var";
  return overloaded(
    callable(`${any}${CORRECTED}`, (x, dim, { correction, keepdim }) =>
      run(x, dim, correction ?? 1, keepdim),
    ),
    callable(`${any}${UNBIASED}`, (x, dim, unbiased, keepdim) => run(x, dim, Number(unbiased), keepdim)),
    callable(`${any}${OF_ALL}`, (x, unbiased) => run(x, undefined, Number(unbiased), false)),
  ) as unknown as OfSample<N, R>;
}
