/** Tuples of elements: one of each vector, or several of one. */
import { DTypeError, formatShape, quote, ShapeError, ValueError } from "@flambeau/backend";
import { type Callable, callable, meshgrid, named, stack, type Tensor, tensor } from "@flambeau/tensor";
import { listOf, type Tensors } from "./several.ts";

/**
 * All tuples of one element of each vector, in the order of the last one's elements first: `[n1 * n2 * ..., number of vectors]`. Of one vector it
 * is that vector.
 *
 * @param tensors - the vectors: each an argument, or all in one array.
 * @throws ShapeError when there is none, or one is no vector; DTypeError when the dtypes differ; ArgumentError when one is no tensor.
 *
 * @example
 * ```ts
 * import { cartesianProd } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(cartesianProd(tensor([1, 2]), tensor([3, 4]))));
 * // tensor([[1., 3.],
 * //         [1., 4.],
 * //         [2., 3.],
 * //         [2., 4.]])
 * ```
 */
export function cartesianProd(...tensors: Tensors): Tensor {
  const vectors = listOf("cartesianProd", tensors);
  if (vectors.length === 0) throw new ShapeError("cartesianProd takes vectors; got none");
  for (const x of vectors) checkVector("cartesianProd", x);
  const other = vectors.find((x) => x.dtype !== vectors[0].dtype);
  if (other !== undefined)
    throw new DTypeError(
      `cartesianProd: vectors have one dtype; got ${vectors[0].dtype} and ${other.dtype}, of which one is converted with .to()`,
    );
  if (vectors.length === 1) return vectors[0];
  return stack(
    meshgrid(vectors).map((grid) => grid.reshape([-1])),
    1,
  );
}

function checkVector(what: string, x: Tensor): void {
  if (x.ndim !== 1)
    throw new ShapeError(`${what} takes vectors; got a tensor of shape ${formatShape(x.shape)}`);
}

const COMBINATIONS = "combinations(input, r: int = 2, withReplacement = false)";

/**
 * All choices of `r` elements of a vector, in its order: `[number of choices, r]`, as Python's `itertools` has them.
 *
 * @param r - how many elements a choice has: an integer from 0.
 * @param withReplacement - whether an element may be chosen more than once.
 * @throws ShapeError when the tensor is no vector; ValueError when `r` is no such integer.
 *
 * @example
 * ```ts
 * import { combinations } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(combinations(tensor([1, 2, 3]))));
 * // tensor([[1., 2.],
 * //         [1., 3.],
 * //         [2., 3.]])
 * ```
 */
export const combinations: Callable<typeof COMBINATIONS, Tensor> = callable(
  COMBINATIONS,
  (x, r, withReplacement) => {
    checkVector("combinations", x);
    if (!Number.isInteger(r) || r < 0)
      throw new ValueError(`combinations: r is an integer from 0; got ${quote(r)}`);
    if (r === 0) return x.newEmpty([0]);
    const choices = choicesOf(x.shape[0], r, withReplacement);
    const index = tensor(BigInt64Array.from(choices, BigInt), { device: x.device });
    return named(x.indexSelect(0, index).reshape([choices.length / r, r]), "Stack");
  },
);

/** The places of the elements of all choices, one choice after the other. */
function choicesOf(n: number, r: number, withReplacement: boolean): number[] {
  const out: number[] = [];
  const chosen: number[] = [];
  const choose = (from: number): void => {
    if (chosen.length === r) {
      for (const place of chosen) out.push(place);
      return;
    }
    for (let i = from; i < n; i++) {
      chosen.push(i);
      choose(withReplacement ? i : i + 1);
      chosen.pop();
    }
  };
  choose(0);
  return out;
}
