/*
 * Solutions of triangular systems with several right-hand sides, in place: the first `size` rows of `target` (of `width`
 * columns) are overwritten. R is the upper triangle of `factors`, whose rows are `stride` apart.
 */

/** target <- R^-1 target. */
export function solveUpper(
  factors: Float64Array,
  stride: number,
  size: number,
  target: Float64Array,
  width: number,
): void {
  for (let i = size - 1; i >= 0; i--) {
    for (let j = 0; j < width; j++) {
      let sum = target[i * width + j];
      for (let l = i + 1; l < size; l++) sum -= factors[i * stride + l] * target[l * width + j];
      target[i * width + j] = sum / factors[i * stride + i];
    }
  }
}

/** target <- R'^-1 target. */
export function solveUpperTransposed(
  factors: Float64Array,
  stride: number,
  size: number,
  target: Float64Array,
  width: number,
): void {
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < width; j++) {
      let sum = target[i * width + j];
      for (let l = 0; l < i; l++) sum -= factors[l * stride + i] * target[l * width + j];
      target[i * width + j] = sum / factors[i * stride + i];
    }
  }
}
