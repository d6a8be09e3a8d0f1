import type { Shape } from "@flambeau/backend";
import { empty, rand, randn, type Tensor } from "@flambeau/tensor";

/** Normal numbers of mean 0 and standard deviation 1, of a tensor's dtype and on its device. */
export function standardNormal(shape: Shape, { dtype, device }: Tensor): Tensor {
  return randn(shape, { dtype, device });
}

/** Uniform numbers in [0, 1), of a tensor's dtype and on its device. */
export function standardUniform(shape: Shape, { dtype, device }: Tensor): Tensor {
  return rand(shape, { dtype, device });
}

/** A tensor to be drawn into, of a tensor's dtype and on its device. */
export function emptyLikeOf(shape: Shape, { dtype, device }: Tensor): Tensor {
  return empty(shape, { dtype, device });
}
