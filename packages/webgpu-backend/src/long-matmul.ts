import {
  type Backend,
  type Epilogue,
  isFloat,
  matmulByDots,
  matmulInSlices,
  type Strided,
} from "@flambeau/backend";

/** Steps along the inner dimension up to which one launch sums all in float32. */
const LONG = 4096;
/** Steps of a slice of a longer product, at least. */
const SLICE = 1024;

/**
 * A product of floats over a long inner dimension in parts, which are more work at a time for a GPU, too; false, and
 * nothing done, for others. All slices' results are no more elements than the operands, unless slices are short.
 */
export function longMatmul(
  device: Backend,
  a: Strided,
  b: Strided,
  output: Strided,
  epilogue?: Epilogue,
): boolean {
  const k = a.shape[a.shape.length - 1];
  if (k <= LONG || !isFloat(output.dtype)) return false;
  const [m, n] = output.shape.slice(-2);
  const slice = Math.max(SLICE, Math.ceil((m * n) / (m + n)));
  if (m === 1 || n === 1) matmulByDots(device, a, b, output, epilogue);
  else if (k > slice) matmulInSlices(device, a, b, output, slice, epilogue);
  else return false;
  return true;
}
