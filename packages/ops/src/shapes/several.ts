/** Functions of any number of tensors, as arguments or in one array. */
import { ArgumentError, quote } from "@flambeau/backend";
import { Tensor } from "@flambeau/tensor";

/** Several tensors: each an argument, or all in one array. */
export type Tensors = readonly Tensor[] | readonly [tensors: readonly Tensor[]];

/**
 * The tensors in one array.
 *
 * @throws ArgumentError when one is no tensor.
 */
export function listOf(what: string, tensors: Tensors): readonly Tensor[] {
  const list: readonly unknown[] = tensors.length === 1 && Array.isArray(tensors[0]) ? tensors[0] : tensors;
  const wrong = list.findIndex((x) => !(x instanceof Tensor));
  if (wrong >= 0)
    throw new ArgumentError(`${what} takes tensors; argument ${wrong + 1} is ${quote(list[wrong])}`);
  return list as readonly Tensor[];
}
