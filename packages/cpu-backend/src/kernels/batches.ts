import { numel, plain, type Strided } from "@flambeau/backend";

/** A product of one pair of matrices. */
export interface Pair {
  readonly a: Strided;
  readonly b: Strided;
  readonly output: Strided;
}

/**
 * A batched product as one of taller matrices: where all batches share one b, and the rows of a and of the output
 * follow on from batch to batch. Undefined otherwise.
 */
export function asOneProduct(a: Strided, b: Strided, output: Strided): Pair | undefined {
  const batchDims = output.shape.length - 2;
  if (a.shape.length !== output.shape.length || numel(output.shape) === 0) return undefined;
  for (let d = 0; d < batchDims; d++) if (a.shape[d] !== output.shape[d]) return undefined;
  for (let d = 0; d < b.shape.length - 2; d++) if (b.shape[d] !== 1) return undefined;
  const tallA = asRows(a);
  const tallOutput = asRows(output);
  if (tallA === undefined || tallOutput === undefined) return undefined;
  const flatB = { ...plain(b), shape: b.shape.slice(-2), strides: b.strides.slice(-2) };
  return { a: tallA, b: flatB, output: tallOutput };
}

/** All dimensions but the last as one, if they lie evenly. */
function asRows(x: Strided): Strided | undefined {
  const last = x.shape.length - 1;
  let rows = 1;
  let step = 0;
  for (let d = last - 1; d >= 0; d--) {
    if (x.shape[d] === 1) continue;
    if (rows === 1) step = x.strides[d];
    else if (x.strides[d] !== step * rows) return undefined;
    rows *= x.shape[d];
  }
  return { ...plain(x), shape: [rows, x.shape[last]], strides: [step, x.strides[last]] };
}
