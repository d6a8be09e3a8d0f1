import { ArgumentError, formatShape, quote, ShapeError, ValueError } from "@flambeau/backend";
import { checkSamples, read, samplesIn } from "./read.ts";

/** Samples with a row of finite numbers each. */
export interface Matrix {
  readonly data: Float64Array;
  readonly rows: number;
  readonly columns: number;
  /** Whether it was given with one dimension. */
  readonly isVector: boolean;
  /** The dtype of a tensor or a typed array; null for numbers of JavaScript's. */
  readonly dtype: string | null;
}

/** @throws as `read`, and ValueError for nan and infinities. */
export function readMatrix(call: string, name: string, x: unknown): Matrix {
  const found = read(call, name, x);
  const { shape, dtype } = found;
  if (shape.length !== 1 && shape.length !== 2)
    throw new ShapeError(
      `${call}: ${name} has shape [samples] or [samples, columns]; got shape ${formatShape(shape)}`,
    );
  const data = finite(call, name, found.elements);
  return { data, rows: shape[0], columns: shape[1] ?? 1, isVector: shape.length === 1, dtype };
}

/** A column of a matrix. */
export function columnAt({ data, rows, columns }: Matrix, at: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => data[row * columns + at]);
}

/** One finite number for each sample. */
export function readVector(call: string, name: string, x: unknown): Float64Array {
  const found = read(call, name, x);
  samplesIn(call, name, found);
  return finite(call, name, found.elements);
}

/** The weights of so many samples, or null where none are given. */
export function readWeights(call: string, x: unknown, samples: number, of: string): Float64Array | null {
  if (x === undefined) return null;
  const weights = readVector(call, "sampleWeight", x);
  checkSamples(call, { [of]: samples, sampleWeight: weights.length });
  return weights;
}

function finite(call: string, name: string, elements: ArrayLike<unknown>): Float64Array {
  return Float64Array.from(elements, (element, i) => {
    if (typeof element !== "number" && typeof element !== "bigint" && typeof element !== "boolean")
      throw new ArgumentError(
        `${call}: the elements of ${name} are numbers; element ${i} is ${quote(element)}`,
      );
    const value = Number(element);
    if (!Number.isFinite(value))
      throw new ValueError(`${call}: the elements of ${name} are finite; element ${i} is ${value}`);
    return value;
  });
}
