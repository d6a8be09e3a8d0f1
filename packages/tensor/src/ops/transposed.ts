import { Tensor } from "../tensor.ts";

/** The last two dimensions in the other order, as a kernel reads them: no op, and nothing is recorded. */
export function transposed(x: Tensor): Tensor {
  return new Tensor(x.storage, swapped(x.shape), swapped(x.strides), x.offset);
}

function swapped(sizes: readonly number[]): number[] {
  const out = sizes.slice();
  const last = out.length - 1;
  out[last - 1] = sizes[last];
  out[last] = sizes[last - 1];
  return out;
}
