import type { Table } from "../generate/table.ts";

/** A data set as texts of digits. */
export interface ToyData {
  readonly samples: number;
  /** Of each feature the name, how many digits stand behind the point, and the values of all samples: integers in base 64. */
  readonly columns: readonly (readonly [name: string, decimals: number, text: string])[];
  readonly target: string;
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-";

/** The features: samples x columns. Quotients of integers and powers of ten are the doubles nearest to the decimals. */
export function featuresOf({ samples, columns }: ToyData): Table {
  const data = new Float64Array(samples * columns.length);
  columns.forEach(([, decimals, text], column) => {
    integersOf(text, samples).forEach((value, row) => {
      data[row * columns.length + column] = value / 10 ** decimals;
    });
  });
  return { data, shape: [samples, columns.length] };
}

/** The integers of a text, of as many letters each. */
export function integersOf(text: string, count: number): number[] {
  const width = text.length / count;
  return Array.from({ length: count }, (_, i) => {
    let value = 0;
    for (const letter of text.slice(i * width, (i + 1) * width)) value = value * 64 + LETTERS.indexOf(letter);
    return value;
  });
}
