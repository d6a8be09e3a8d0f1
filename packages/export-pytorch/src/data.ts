/** The rows of a data set: what they hold, whether they fit the model, and the files they are written to. */
import {
  ArgumentError,
  DTypeError,
  formatShape,
  itemSize,
  numel,
  quote,
  ShapeError,
  sameShape,
  ValueError,
} from "@flambeau/backend";
import { Dataset } from "@flambeau/data";
import { saveSafetensors } from "@flambeau/serialization";
import { Tensor } from "@flambeau/tensor";

/** What an export reads of a `Dataset`. */
export interface RowsByNumber {
  /** How many rows there are. */
  readonly length: number;
  /** The collated rows of these numbers. */
  getBatch(indices: readonly number[]): unknown;
}

/** A `Dataset`, or an array of its items. Items are tensors, numbers, or arrays of them; they may be promises. */
export type Rows = readonly unknown[] | RowsByNumber;

/** A data set whose rows are tensors, several of them: the columns. */
export interface Columns {
  /** What is written of it, for errors. */
  readonly what: string;
  /** How many rows there are. */
  readonly length: number;
  /** The columns of the first row, each with a batch dimension of 1. */
  readonly first: readonly Tensor[];
  /** The columns of rows in order, from one to before another. */
  batch(begin: number, end: number): Promise<readonly Tensor[]>;
}

/**
 * The columns of a data set.
 *
 * @throws ArgumentError when it is none; ValueError when it is empty, or its items are no tensors.
 */
export async function columnsOf(what: string, data: Rows): Promise<Columns> {
  const rows: Dataset<unknown> | null =
    data instanceof Dataset ? data : Array.isArray(data) ? new Items(data) : null;
  if (rows === null)
    throw new ArgumentError(
      `exportPyTorch: ${what} is a data set with rows by number, or an array of them; got ${quote(data)}`,
    );
  const { length } = rows;
  if (!Number.isInteger(length) || length < 1)
    throw new ValueError(`exportPyTorch: ${what} has one row at least; its length is ${quote(length)}`);
  const batch = async (begin: number, end: number): Promise<readonly Tensor[]> => {
    const numbers = Array.from({ length: end - begin }, (_, i) => begin + i);
    return tensorsOf(what, await rows.getBatch(numbers));
  };
  return { what, length, first: await batch(0, 1), batch };
}

class Items extends Dataset<unknown> {
  readonly #items: readonly unknown[];

  constructor(items: readonly unknown[]) {
    super();
    this.#items = items;
  }

  override get length(): number {
    return this.#items.length;
  }

  override get(index: number): unknown {
    return this.#items[index];
  }
}

function tensorsOf(what: string, batch: unknown): readonly Tensor[] {
  const tensors: readonly unknown[] = Array.isArray(batch) ? batch : [batch];
  if (tensors.length > 0 && tensors.every((x) => x instanceof Tensor)) return tensors as Tensor[];
  throw new ValueError(
    `exportPyTorch: the rows of ${what} are tensors, or arrays of tensors; a batch of them is ${quote(batch)}`,
  );
}

/**
 * Refuses rows that the model cannot take.
 *
 * @throws ValueError when there are fewer columns than inputs; ShapeError, DTypeError when one is another than the input.
 */
export function checkFits({ what, first }: Columns, inputs: readonly Tensor[]): void {
  if (first.length < inputs.length)
    throw new ValueError(
      `exportPyTorch: the rows of ${what} have ${first.length} tensors, and the model takes ${inputs.length} inputs`,
    );
  for (const [i, input] of inputs.entries()) checkSame(what, i, first[i], input, "the input");
}

/** Refuses rows with other columns than the training's. @throws ValueError, ShapeError, DTypeError as {@link checkFits}. */
export function checkAlike({ what, first }: Columns, data: Columns): void {
  if (first.length !== data.first.length)
    throw new ValueError(
      `exportPyTorch: the rows of ${what} have ${first.length} tensors, those of ${data.what} ${data.first.length}`,
    );
  for (const [i, x] of data.first.entries()) checkSame(what, i, first[i], x, `that of ${data.what}`);
}

function checkSame(what: string, i: number, x: Tensor, other: Tensor, name: string): void {
  const [shape, wanted] = [x.shape.slice(1), other.shape.slice(1)];
  if (!sameShape(shape, wanted))
    throw new ShapeError(
      `exportPyTorch: tensor ${i} of a row of ${what} has shape ${formatShape(shape)}, ${name} ${formatShape(wanted)}`,
    );
  if (x.dtype !== other.dtype)
    throw new DTypeError(
      `exportPyTorch: tensor ${i} of a row of ${what} is ${x.dtype}, ${name} ${other.dtype}`,
    );
}

/** The names of columns: those that the model takes are inputs, the others targets. */
export function namesOf(columns: number, inputs: number): string[] {
  const name = (word: string, i: number, count: number): string => (count === 1 ? word : `${word}${i}`);
  return Array.from({ length: columns }, (_, i) =>
    i < inputs ? name("input", i, inputs) : name("target", i - inputs, columns - inputs),
  );
}

/** The files of a data set, each of so many bytes at most, or of one row. */
export async function* shardsOf(
  name: string,
  columns: Columns,
  names: readonly string[],
  bytes: number,
): AsyncGenerator<readonly [name: string, bytes: Uint8Array]> {
  const row = columns.first.reduce((sum, x) => sum + numel(x.shape) * itemSize(x.dtype), 0);
  const rows = Math.max(1, Math.floor(bytes / Math.max(1, row)));
  for (let begin = 0, i = 0; begin < columns.length; begin += rows, i++) {
    const batch = await columns.batch(begin, Math.min(begin + rows, columns.length));
    for (const [k, x] of batch.entries())
      checkSame(columns.what, k, x, columns.first[k], "that of the first row");
    const tensors = Object.fromEntries(names.map((key, k) => [key, batch[k]]));
    const number = String(i).padStart(5, "0");
    yield [`data/${name}-${number}.safetensors`, await saveSafetensors(tensors)];
  }
}
