import { type Shape, sameShape } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";

/** The gradient of a broadcast: summed over what was stretched, back to the shape from before. */
export function sumTo(g: Tensor, shape: Shape): Tensor {
  if (sameShape(g.shape, shape)) return g;
  const lead = g.ndim - shape.length;
  const dims: number[] = [];
  for (let i = 0; i < g.ndim; i++) if (i < lead || (shape[i - lead] === 1 && g.shape[i] !== 1)) dims.push(i);
  const kept = dims.length === 0 ? g : g.sum(dims, { keepdim: true });
  return lead === 0 ? kept : kept.reshape(shape);
}
