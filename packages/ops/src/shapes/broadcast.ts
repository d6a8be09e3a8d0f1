/** Tensors in the shapes of others. */
import {
  ArgumentError,
  broadcastShapes as broadcastTwo,
  checkShape,
  formatShape,
  quote,
  type Shape,
  ShapeError,
} from "@flambeau/backend";
import { type Callable, callable, expand, named, type Tensor } from "@flambeau/tensor";
import { listOf, type Tensors } from "./several.ts";

/**
 * The shape that tensors of these shapes broadcast to: from the end on, sizes are equal or 1.
 *
 * @param shapes - the shapes: each an argument, a number being the shape of a vector.
 * @throws ShapeError when two sizes differ and neither is 1; ArgumentError when one is no shape.
 *
 * @example
 * ```ts
 * import { broadcastShapes } from "@flambeau/ops";
 *
 * console.log(broadcastShapes([2, 1], [3], [1, 1]));
 * // [ 2, 3 ]
 * ```
 */
export function broadcastShapes(...shapes: readonly (Shape | number)[]): number[] {
  const lists = shapes.map((shape): Shape => {
    const list = typeof shape === "number" ? [shape] : shape;
    if (!Array.isArray(list)) throw new ArgumentError(`broadcastShapes takes shapes; got ${quote(shape)}`);
    return checkShape(list);
  });
  return lists.reduce(broadcastTwo, []).slice();
}

/**
 * Tensors stretched to the shape that they broadcast to, without copies. Their elements share memory: to write to one, `clone()` it.
 *
 * @param tensors - the tensors: each an argument, or all in one array.
 * @throws ShapeError when they do not broadcast; ArgumentError when one is no tensor.
 *
 * @example
 * ```ts
 * import { broadcastTensors } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * const [a, b] = broadcastTensors(tensor([[1], [2]]), tensor([3, 4]));
 * console.log(String(a.add(b)));
 * // tensor([[4., 5.],
 * //         [5., 6.]])
 * ```
 */
export function broadcastTensors(...tensors: Tensors): Tensor[] {
  const list = listOf("broadcastTensors", tensors);
  const shape = broadcastShapes(...list.map((x) => x.shape));
  return list.map((x) => expand(x, shape));
}

const SUM_TO_SIZE = "sumToSize(input, size)";

/**
 * The reverse of broadcasting: sums over the dimensions that `size` does not have, or has with size 1.
 *
 * @returns the tensor itself where nothing is summed.
 * @throws ShapeError when `size` does not broadcast to the tensor's shape.
 *
 * @example
 * ```ts
 * import { sumToSize } from "@flambeau/ops";
 * import { ones } from "@flambeau/tensor";
 *
 * console.log(String(sumToSize(ones([2, 3]), [1, 3])));
 * // tensor([[2., 2., 2.]])
 * ```
 */
export const sumToSize: Callable<typeof SUM_TO_SIZE, Tensor> = callable(SUM_TO_SIZE, (x, size) => {
  checkShape(size);
  const lead = x.ndim - size.length;
  if (lead < 0 || size.some((n, i) => n !== 1 && n !== x.shape[lead + i]))
    throw new ShapeError(
      `sumToSize: shape ${formatShape(size)} does not broadcast to ${formatShape(x.shape)}`,
    );
  if (size.length === 0) return x.sum();
  const summed = x.shape.flatMap((n, i) => (i < lead || (size[i - lead] === 1 && n !== 1) ? [i] : []));
  if (summed.length === 0) return x;
  const kept = named(x.sum(summed, true), "SumBackward1");
  return lead === 0 ? kept : kept.view(size);
});

const RESHAPE_AS = "reshapeAs(input, other: tensor)";

/**
 * `input.reshape(other.shape)`.
 *
 * @throws ShapeError when the numbers of elements differ.
 *
 * @example
 * ```ts
 * import { reshapeAs } from "@flambeau/ops";
 * import { arange, zeros } from "@flambeau/tensor";
 *
 * console.log(String(reshapeAs(arange(4), zeros([2, 2]))));
 * // tensor([[0., 1.],
 * //         [2., 3.]])
 * ```
 */
export const reshapeAs: Callable<typeof RESHAPE_AS, Tensor> = callable(RESHAPE_AS, (x, other) =>
  x.reshape(other.shape),
);
