import { arange, type Tensor } from "@flambeau/tensor";

/** Vectors with a 1 at the index and zeros elsewhere, of the size, dtype and device of the rows of `like`. */
export function oneHotOf(index: Tensor, like: Tensor): Tensor {
  const classes = arange(like.shape[like.ndim - 1], { dtype: "int64", device: like.device });
  return index.unsqueeze(-1).eq(classes).to(like.dtype);
}
