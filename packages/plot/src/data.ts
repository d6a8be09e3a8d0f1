import { quote, ShapeError, ValueError } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";

/** Numbers in a row: a plain array or any typed array. */
export type Numbers = ArrayLike<number> | ArrayLike<bigint>;

/** What the figures take as data: a tensor on any device, a plain or typed array, or an array of rows. */
export type Values = Tensor | Numbers | readonly Numbers[];

/** Values read into one row-major list. */
interface Block {
  readonly shape: readonly number[];
  readonly data: number[];
}

export function isTensor(values: Values): values is Tensor {
  return typeof (values as Tensor).data === "function" && Array.isArray((values as Tensor).shape);
}

function isRow(value: unknown): value is Numbers {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

function toNumber(value: unknown, name: string): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint" || typeof value === "boolean") return Number(value);
  throw new ValueError(`${name} must hold numbers, found ${quote(value)}`);
}

function readRow(row: ArrayLike<unknown>, name: string): number[] {
  return Array.from(row, (value) => toNumber(value, name));
}

async function read(values: Values, name: string): Promise<Block> {
  if (values === null || values === undefined || !(isRow(values) || isTensor(values))) {
    throw new ValueError(`${name} must be a tensor, an array or a typed array, got ${quote(values)}`);
  }
  if (isTensor(values)) return { shape: values.shape, data: readRow(await values.data(), name) };
  const items = Array.from(values as ArrayLike<unknown>);
  if (!isRow(items[0])) return { shape: [items.length], data: readRow(items, name) };
  const rows = items.map((row, i) => {
    if (!isRow(row)) throw new ShapeError(`${name} mixes rows and numbers: element ${i} is no row`);
    return readRow(row, name);
  });
  const columns = rows[0].length;
  rows.forEach((row, i) => {
    if (row.length !== columns) {
      throw new ShapeError(`${name} is ragged: row 0 has ${columns} values and row ${i} has ${row.length}`);
    }
  });
  return { shape: [rows.length, columns], data: rows.flat() };
}

function show(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}

/** Reads one value per observation, of shape [n], [n, 1] or []. */
export async function readColumn(values: Values, name: string): Promise<number[]> {
  const { shape, data } = await read(values, name);
  if (shape.length > 2 || (shape.length === 2 && shape[1] !== 1)) {
    throw new ShapeError(
      `${name} must have one value per observation, shape [n] or [n, 1], got shape ${show(shape)}`,
    );
  }
  return data;
}

/** Reads all values, of any shape. */
export async function readAll(values: Values, name: string): Promise<number[]> {
  return (await read(values, name)).data;
}

/** Reads rows of numbers, shape [rows, columns]. */
export async function readMatrix(
  values: Values,
  name: string,
): Promise<{ rows: number; columns: number; data: number[] }> {
  const { shape, data } = await read(values, name);
  if (shape.length !== 2)
    throw new ShapeError(`${name} must have rows and columns, got shape ${show(shape)}`);
  return { rows: shape[0], columns: shape[1], data };
}

/** Reads points in the plane, shape [n, 2], as two lists. */
export async function readPoints(values: Values, name: string): Promise<{ x: number[]; y: number[] }> {
  const { shape, data } = await read(values, name);
  if (shape.length !== 2 || shape[1] !== 2) {
    throw new ShapeError(
      `${name} must hold two features per observation, shape [n, 2], got shape ${show(shape)}`,
    );
  }
  return { x: data.filter((_, i) => i % 2 === 0), y: data.filter((_, i) => i % 2 === 1) };
}

/** Reads class labels: whole numbers from 0, of any dtype. */
export async function readLabels(values: Values, name: string): Promise<number[]> {
  const labels = await readColumn(values, name);
  for (const [i, label] of labels.entries()) {
    if (!Number.isSafeInteger(label) || label < 0) {
      throw new ValueError(
        `${name} must hold class labels 0, 1, 2, ..., found ${quote(label)} at position ${i}`,
      );
    }
  }
  return labels;
}

/** Checks that two lists belong to the same observations. */
export function sameLength(a: readonly number[], aName: string, b: readonly number[], bName: string): void {
  if (a.length === b.length) return;
  throw new ShapeError(
    `${aName} and ${bName} must have one value per observation: ${aName} has ${a.length}, ${bName} has ${b.length}`,
  );
}
