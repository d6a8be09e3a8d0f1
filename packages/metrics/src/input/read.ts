/** Arguments read into JavaScript: from tensors, typed arrays, and arrays of one or two dimensions. */
import { ArgumentError, DeviceError, formatShape, kindOfArray, quote, ShapeError } from "@flambeau/backend";
import { describeValue, Tensor } from "@flambeau/tensor";

/** Elements in row-major order. */
export interface Elements {
  readonly elements: ArrayLike<unknown>;
  readonly shape: readonly number[];
  /** A dtype, or null for an array of JavaScript's values. */
  readonly dtype: string | null;
}

/**
 * @throws ArgumentError for what is neither a tensor nor an array; DeviceError for a tensor that cannot be read at once; ShapeError
 *   for rows of unequal length.
 */
export function read(call: string, name: string, x: unknown): Elements {
  if (x instanceof Tensor) return readTensor(call, name, x);
  const kind = kindOfArray(x);
  if (kind !== undefined && kind !== "DataView") {
    const elements = x as ArrayLike<unknown>;
    return { elements, shape: [elements.length], dtype: kind.replace("Array", "").toLowerCase() };
  }
  if (Array.isArray(x)) return readArray(call, name, x);
  throw new ArgumentError(`${call}: ${name} is a tensor or an array; got ${describeValue(x)}`);
}

function readTensor(call: string, name: string, x: Tensor): Elements {
  const { backend } = x.storage;
  if (backend.downloadSync === undefined)
    throw new DeviceError(
      `${call}: ${name} is a ${backend.name} tensor, which cannot be read at once; write await ${name}.cpu()`,
    );
  return { elements: x.dataSync(), shape: x.shape, dtype: x.dtype };
}

function readArray(call: string, name: string, x: readonly unknown[]): Elements {
  const isRow = (row: unknown): row is ArrayLike<unknown> =>
    Array.isArray(row) || kindOfArray(row) !== undefined;
  if (!x.some(isRow)) return { elements: x, shape: [x.length], dtype: null };
  const [first] = x;
  const columns = isRow(first) ? first.length : -1;
  const elements = x.flatMap((row, i) => {
    if (isRow(row) && row.length === columns) return Array.from(row);
    throw new ShapeError(
      `${call}: the rows of ${name} have as many elements each; row ${i} is ${quote(row)}, unlike row 0`,
    );
  });
  return { elements, shape: [x.length, columns], dtype: null };
}

/** The number of samples, where each has one element; a single column counts as such. @throws ShapeError */
export function samplesIn(call: string, name: string, { shape }: Elements): number {
  const [samples, columns = 1] = shape;
  if (shape.length > 2 || shape.length === 0 || columns !== 1)
    throw new ShapeError(
      `${call}: ${name} has one element for each sample, shape [samples]; got shape ${formatShape(shape)}`,
    );
  return samples;
}

/** @throws ShapeError when two arguments are not of as many samples, or of none. */
export function checkSamples(call: string, sizes: Readonly<Record<string, number>>): void {
  const [[first, samples], ...others] = Object.entries(sizes);
  if (samples === 0) throw new ShapeError(`${call}: ${first} has no samples`);
  for (const [name, size] of others)
    if (size !== samples)
      throw new ShapeError(
        `${call}: ${first} and ${name} are of the same samples; got ${samples} and ${size} of them`,
      );
}
