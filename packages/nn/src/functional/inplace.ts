import type { Tensor } from "@flambeau/tensor";

/** An activation, written over its input where that is wanted. What the derivative needs of the input is kept apart. */
export function inPlaceIf(inplace: boolean, x: Tensor, f: (x: Tensor) => Tensor): Tensor {
  return inplace ? x.copy_(f(x.clone())) : f(x);
}
