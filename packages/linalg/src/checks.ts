/** What functions of matrices refuse. */
import {
  broadcastShapes,
  DTypeError,
  formatShape,
  type Shape,
  ShapeError,
  sameShape,
} from "@flambeau/backend";
import { commonBackend, type Tensor } from "@flambeau/tensor";

/**
 * Refuses other dtypes than the two in which decompositions are computed.
 *
 * @throws DTypeError
 */
export function checkFloat(what: string, ...inputs: readonly Tensor[]): void {
  commonBackend(what, inputs);
  for (const { dtype } of inputs) {
    if (dtype !== "float32" && dtype !== "float64")
      throw new DTypeError(`${what} takes float32 or float64; got ${dtype} (convert with .to("float32"))`);
    if (dtype !== inputs[0].dtype)
      throw new DTypeError(`${what} takes tensors of one dtype; got ${inputs[0].dtype} and ${dtype}`);
  }
}

/**
 * Refuses what is no batch of matrices of floats.
 *
 * @throws ShapeError, DTypeError
 */
export function checkMatrices(what: string, x: Tensor): void {
  if (x.ndim < 2)
    throw new ShapeError(`${what} takes matrices [..., m, n]; got shape ${formatShape(x.shape)}`);
  checkFloat(what, x);
}

/**
 * Refuses what is no batch of square matrices of floats.
 *
 * @throws ShapeError, DTypeError
 */
export function checkSquare(what: string, x: Tensor): void {
  if (x.ndim < 2 || x.shape.at(-1) !== x.shape.at(-2))
    throw new ShapeError(`${what} takes square matrices [..., n, n]; got shape ${formatShape(x.shape)}`);
  checkFloat(what, x);
}

/** The sizes before the last two. */
export const batchOf = (x: Tensor): Shape => x.shape.slice(0, -2);

/**
 * The tensors with one batch shape, to which theirs broadcast.
 *
 * @param trailing - how many dimensions at the end belong to each element of the batch.
 * @throws ShapeError
 */
export function inOneBatch(what: string, inputs: readonly Tensor[], trailing: readonly number[]): Tensor[] {
  const batches = inputs.map((x, i) => x.shape.slice(0, x.ndim - trailing[i]));
  let batch: Shape = [];
  try {
    for (const shape of batches) batch = broadcastShapes(batch, shape);
  } catch (error) {
    throw error instanceof ShapeError ? new ShapeError(`${what}: batches: ${error.message}`) : error;
  }
  return inputs.map((x, i) => {
    const shape = [...batch, ...x.shape.slice(x.ndim - trailing[i])];
    return sameShape(shape, x.shape) ? x : x.expand(shape);
  });
}
