import { noGrad } from "@flambeau/autograd";
import { formatShape, quote, ShapeError, ValueError } from "@flambeau/backend";
import { type Callable, callable, randperm, type Tensor, tensor } from "@flambeau/tensor";

const SPARSE = "sparse_(tensor, sparsity: number, std: number = 0.01)";

/**
 * Overwrites a matrix with normal numbers of which a part `sparsity` of each column, rounded up, is zero. Source: Martens 2010.
 *
 * @throws ShapeError when it is no matrix; ValueError when `sparsity` is not within [0, 1].
 *
 * @example
 * ```ts
 * import { manualSeed, nn, zeros } from "flambeau";
 *
 * manualSeed(0);
 * console.log(nn.init.sparse_(zeros([4, 2]), 0.5).ne(0).sum(0));
 * // tensor([2, 2])
 * ```
 */
export const sparse_: Callable<typeof SPARSE, Tensor> = callable(SPARSE, (x, sparsity, std) => {
  if (x.ndim !== 2) throw new ShapeError(`sparse_ takes a matrix; got shape ${formatShape(x.shape)}`);
  if (!(sparsity >= 0 && sparsity <= 1))
    throw new ValueError(`sparse_: sparsity is a part from 0 to 1; got ${quote(sparsity)}`);
  const [rows, columns] = x.shape;
  const count = Math.ceil(sparsity * rows);
  return noGrad(() => {
    x.normal_(0, std);
    const kept = new Uint8Array(rows * columns).fill(1);
    for (let column = 0; column < columns; column++) {
      const order = randperm(rows).dataSync();
      for (let i = 0; i < count; i++) kept[Number(order[i]) * columns + column] = 0;
    }
    const mask = tensor(kept, { dtype: x.dtype, device: x.device }).reshape([rows, columns]);
    return x.mul_(mask);
  });
});
