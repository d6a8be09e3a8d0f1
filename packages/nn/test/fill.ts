import type { DType } from "@flambeau/backend";
import { type Tensor, tensor } from "@flambeau/tensor";

/** The inputs of tools/fixtures/conv.py, which does not store them. */
export function fill(shape: readonly number[], seed: number, dtype: DType = "float64"): Tensor {
  const n = shape.reduce((a, b) => a * b, 1);
  const numbers = Array.from(
    { length: n },
    (_, i) => ((i * 7919 + seed * 104729 + ((i * i) % 613) * 31) % 1009) / 500 - 1,
  );
  return tensor(numbers, { dtype }).reshape(shape);
}

/** The gradient of a weighted sum, so that every output counts differently. */
export function backward(y: Tensor, seed = 99): void {
  y.mul(fill(y.shape, seed, y.dtype))
    .sum()
    .backward();
}
