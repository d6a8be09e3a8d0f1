/** Runs of equal elements. */
import {
  DeviceError,
  formatShape,
  IndexError,
  normalizeDim,
  ShapeError,
  type TypedArray,
} from "@flambeau/backend";
import { type Callable, callable, type Tensor, tensor } from "@flambeau/tensor";

const UNIQUE_CONSECUTIVE = "uniqueConsecutive(input, returnInverse = false, returnCounts = false, dim?)";

type Chosen<I extends boolean, C extends boolean> = {
  readonly dim?: number | null;
} & (I extends true ? { readonly returnInverse: true } : { readonly returnInverse?: false }) &
  (C extends true ? { readonly returnCounts: true } : { readonly returnCounts?: false });

/**
 * What `uniqueConsecutive` gives depends on what it is to return.
 *
 * @internal
 */
export interface UniqueConsecutive {
  (input: Tensor, options: Chosen<true, true>): [values: Tensor, inverse: Tensor, counts: Tensor];
  (input: Tensor, options: Chosen<true, false>): [values: Tensor, inverse: Tensor];
  (input: Tensor, options: Chosen<false, true>): [values: Tensor, counts: Tensor];
  (input: Tensor, options?: Chosen<false, false>): Tensor;
}

/**
 * The first of each run of equal elements, as a vector, or of each run of equal slices of a dimension; on request with the run that
 * each element is in and how long each is, int64, as an array. No gradient. nan is equal to nothing.
 *
 * @throws DeviceError on a device that cannot be read at once; IndexError when there is no such dimension; ShapeError when the slices
 *   have no elements.
 *
 * @example
 * ```ts
 * import { uniqueConsecutive } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * const [values, counts] = uniqueConsecutive(tensor([1, 1, 2, 1]), { returnCounts: true });
 * console.log(String(values), String(counts));
 * // tensor([1., 2., 1.]) tensor([2, 1, 1])
 * ```
 */
export const uniqueConsecutive: UniqueConsecutive & Callable<typeof UNIQUE_CONSECUTIVE, Tensor | Tensor[]> =
  callable(UNIQUE_CONSECUTIVE, (input, returnInverse, returnCounts, dim) => {
    const x = input.detach();
    if (x.storage.backend.downloadSync === undefined) {
      throw new DeviceError(
        `uniqueConsecutive: how many results there are depends on the elements, and a ${x.device} tensor cannot be read at once; write uniqueConsecutive(await x.cpu())`,
      );
    }
    if (dim !== undefined && x.ndim === 0)
      throw new IndexError("uniqueConsecutive: a scalar has no dimensions to choose from");
    const d = dim === undefined ? 0 : normalizeDim(dim, x.ndim);
    const slices = dim === undefined ? x.reshape([-1]) : x;
    const { starts, runs } = runsOf(slices, d);
    const on = { device: x.device };
    const n = runs.length;
    const counts = starts.map((start, i) => BigInt((starts[i + 1] ?? n) - start));
    const values = slices.indexSelect(d, tensor(BigInt64Array.from(starts, BigInt), on));
    const inverse = tensor(runs, on);
    const results = [
      values,
      ...(returnInverse ? [dim === undefined ? inverse.reshape(x.shape) : inverse] : []),
      ...(returnCounts ? [tensor(BigInt64Array.from(counts), on)] : []),
    ];
    return results.length === 1 ? values : results;
  }) as unknown as UniqueConsecutive & Callable<typeof UNIQUE_CONSECUTIVE, Tensor | Tensor[]>;

/** Where runs of equal slices start, and the run of each slice. */
function runsOf(x: Tensor, dim: number): { readonly starts: number[]; readonly runs: BigInt64Array } {
  const n = x.shape[dim];
  if (n > 0 && x.numel() === 0) {
    throw new ShapeError(
      `uniqueConsecutive: the slices of dimension ${dim} of shape ${formatShape(x.shape)} have no elements`,
    );
  }
  const size = n === 0 ? 0 : x.numel() / n;
  const elements = x.movedim(dim, 0).contiguous().dataSync<TypedArray>();
  const isSame = (a: number, b: number): boolean => {
    for (let k = 0; k < size; k++) if (elements[a * size + k] !== elements[b * size + k]) return false;
    return true;
  };
  const starts: number[] = [];
  const runs = new BigInt64Array(n);
  for (let i = 0; i < n; i++) {
    if (i === 0 || !isSame(i - 1, i)) starts.push(i);
    runs[i] = BigInt(starts.length - 1);
  }
  return { starts, runs };
}
