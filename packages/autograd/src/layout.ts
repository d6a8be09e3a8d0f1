import { numel } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";

/** How the elements of a tensor lie in its storage. */
export type Layout = Pick<Tensor, "shape" | "strides" | "offset">;

/** An empty tensor lies nowhere in particular, least of all behind the end of its storage. */
export function layoutOf(x: Tensor, origin = 0): Layout {
  return { shape: x.shape, strides: x.strides, offset: numel(x.shape) === 0 ? 0 : x.offset - origin };
}
