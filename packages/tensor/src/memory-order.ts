import type { Tensor } from "./tensor.ts";

/**
 * The dimensions from the one along which neighbours lie farthest apart to the nearest; stretched ones stay where they
 * are. Source: PyTorch's order of loops, aten/src/ATen/ExpandUtils.cpp (infer_dense_strides).
 */
export function memoryOrder(x: Tensor): number[] {
  const order = Array.from(x.shape, (_, i) => x.ndim - 1 - i);
  const comparison = (i: number, j: number): number => {
    if (x.strides[i] === 0 || x.strides[j] === 0) return 0;
    return x.strides[i] - x.strides[j] || Math.max(0, x.shape[i] - x.shape[j]);
  };
  // A sort by insertion that looks past the incomparable.
  for (let i = 1; i < order.length; i++) {
    for (let at = i, before = i - 1; before >= 0; before--) {
      const farther = comparison(order[before], order[at]);
      if (farther < 0) break;
      if (farther === 0) continue;
      [order[before], order[at]] = [order[at], order[before]];
      at = before;
    }
  }
  return order.reverse();
}
