import { noGrad } from "@flambeau/autograd";
import { formatShape, ShapeError } from "@flambeau/backend";
import { type Callable, callable, randn, type Tensor, tensor } from "@flambeau/tensor";

const ORTHOGONAL = "orthogonal_(tensor, gain = 1)";

/**
 * Overwrites a weight, as a matrix `[out, everything else]`, with a random one whose rows or columns (the fewer) are
 * orthonormal, times `gain`. Source: Saxe et al. 2013.
 *
 * The QR factors of a matrix are unique once R's diagonal is positive, so Gram-Schmidt gives PyTorch's matrix.
 *
 * @throws ShapeError when it has fewer than two dimensions.
 *
 * @example
 * ```ts
 * import { manualSeed, nn, zeros } from "flambeau";
 *
 * manualSeed(0);
 * const weight = nn.init.orthogonal_(zeros([2, 3]));
 * console.log(weight.matmul(weight.T).round({ decimals: 4 }).abs());
 * // tensor([[1., 0.],
 * //         [0., 1.]])
 * ```
 */
export const orthogonal_: Callable<typeof ORTHOGONAL, Tensor> = callable(ORTHOGONAL, (x, gain) => {
  if (x.ndim < 2)
    throw new ShapeError(`orthogonal_ takes a weight [out, in, ...]; got shape ${formatShape(x.shape)}`);
  if (x.numel() === 0) return x;
  const rows = x.shape[0];
  const columns = x.numel() / rows;
  const drawn = randn([rows, columns], { dtype: x.dtype });
  const wide = rows < columns;
  // One vector per row, fewer than they have entries.
  const vectors = Float64Array.from((wide ? drawn : drawn.T).dataSync() as ArrayLike<number>);
  orthonormalize(vectors, Math.min(rows, columns), Math.max(rows, columns));
  const matrix = tensor(vectors).reshape([Math.min(rows, columns), Math.max(rows, columns)]);
  return noGrad(() =>
    x.copy_((wide ? matrix : matrix.T).reshape(x.shape).to({ dtype: x.dtype, device: x.device })).mul_(gain),
  );
});

/** Modified Gram-Schmidt, each vector cleaned twice so that rounding leaves nothing of the others. */
function orthonormalize(v: Float64Array, count: number, size: number): void {
  for (let i = 0; i < count; i++) {
    const own = v.subarray(i * size, (i + 1) * size);
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < i; j++) {
        const other = v.subarray(j * size, (j + 1) * size);
        let dot = 0;
        for (let k = 0; k < size; k++) dot += own[k] * other[k];
        for (let k = 0; k < size; k++) own[k] -= dot * other[k];
      }
    }
    const length = Math.hypot(...own);
    for (let k = 0; k < size; k++) own[k] /= length;
  }
}
