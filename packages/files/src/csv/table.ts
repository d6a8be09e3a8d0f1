import { ArgumentError, quote, ValueError } from "@flambeau/backend";
import { FormatError } from "@flambeau/serialization";
import { type Args, bind, describeValue, type Tensor, tensor } from "@flambeau/tensor";
import { numberOf } from "./number.ts";
import { byCodePoint } from "./order.ts";

const NUMERIC = "numeric(names: array, *, dtype: 'float32'|'float64' = 'float32')";
const DROPNA = "dropna(subset?: array)";

interface NumericTypes {
  /** The columns, in the order in which the tensor has them. */
  readonly names: readonly string[];
  /** What the numbers become. Default "float32". */
  readonly dtype?: "float32" | "float64";
}

interface DropnaTypes {
  /** The columns that are looked at. Default: all. */
  readonly subset?: readonly string[] | null;
}

/** A column as categories. */
export interface Categories {
  /** The different values, in order. */
  readonly values: string[];
  /** Of each row which of the values it has: [rows] of int64, -1 where the value is missing. */
  readonly codes: Tensor;
}

/**
 * The table of a `.csv` file, as `readCsv` and `parseCsv` give it. Cells are texts until a method makes numbers or codes of them. Rows count
 * from 0, without the header.
 *
 * @example
 * ```ts
 * import { parseCsv } from "@flambeau/files";
 *
 * const table = await parseCsv("city,age\nBern,31\nAarau,47\n");
 * console.log(table.columns, table.length);
 * // [ 'city', 'age' ] 2
 * ```
 */
export class CsvTable {
  /** The columns' names, from left to right. */
  readonly columns: readonly string[];
  /** How many rows there are. */
  readonly length: number;
  readonly #rows: readonly (readonly string[])[];
  readonly #missing: ReadonlySet<string>;

  /** @internal */
  constructor(
    columns: readonly string[],
    rows: readonly (readonly string[])[],
    missing: ReadonlySet<string>,
  ) {
    this.columns = columns;
    this.length = rows.length;
    this.#rows = rows;
    this.#missing = missing;
  }

  /**
   * The cells of a column, as they stand in the file.
   *
   * @throws ValueError when there is no such column.
   *
   * @example
   * ```ts
   * import { parseCsv } from "@flambeau/files";
   *
   * const table = await parseCsv('name\n"Meier, Anna"\n');
   * console.log(table.column("name"));
   * // [ 'Meier, Anna' ]
   * ```
   */
  column(name: string): string[] {
    const at = this.#find("column", name);
    return this.#rows.map((row) => row[at]);
  }

  /**
   * Columns as numbers: [rows, columns] of float32, or float64. A missing value is nan, as in pandas.
   *
   * @throws FormatError when a cell is no number; ValueError when there is no such column.
   *
   * @example
   * ```ts
   * import { parseCsv } from "@flambeau/files";
   *
   * const table = await parseCsv("age,city,hours\n31,Bern,40\n47,Aarau,NA\n");
   * console.log(String(table.numeric(["hours", "age"])));
   * // tensor([[40., 31.],
   * //         [nan, 47.]])
   * ```
   */
  numeric(...args: Args<typeof NUMERIC, NumericTypes>): Tensor {
    const { names, dtype } = bind<typeof NUMERIC, NumericTypes>(NUMERIC, args);
    const columns = this.#findAll("numeric", names);
    const length = this.length * columns.length;
    const values = dtype === "float64" ? new Float64Array(length) : new Float32Array(length);
    let at = 0;
    this.#rows.forEach((row, i) => {
      for (const column of columns) {
        const cell = row[column];
        const value = this.#missing.has(cell) ? Number.NaN : numberOf(cell);
        if (value === undefined)
          throw new FormatError(
            `numeric: row ${i} of column ${quote(this.columns[column])} is ${quote(cell)}, no number`,
          );
        values[at++] = value;
      }
    });
    return tensor(values, { dtype }).reshape([this.length, columns.length]);
  }

  /**
   * A column as categories, as pandas' `Categorical` of texts has them: the different values in order, and of each row which of them it has,
   * int64, as an embedding takes them. A missing value has the code -1, and is none of the values.
   *
   * @throws ValueError when there is no such column.
   *
   * @example
   * ```ts
   * import { parseCsv } from "@flambeau/files";
   *
   * const table = await parseCsv("city\nBern\nAarau\nBern\n");
   * const { values, codes } = table.categories("city");
   * console.log(values, String(codes));
   * // [ 'Aarau', 'Bern' ] tensor([1, 0, 1])
   * ```
   */
  categories(name: string): Categories {
    const at = this.#find("categories", name);
    const values = [...new Set(this.#rows.map((row) => row[at]))]
      .filter((value) => !this.#missing.has(value))
      .sort(byCodePoint);
    const codeOf = new Map(values.map((value, code) => [value, code]));
    const codes = this.#rows.map((row) => codeOf.get(row[at]) ?? -1);
    return { values, codes: tensor(codes, { dtype: "int64" }) };
  }

  /**
   * The table without the rows in which a value is missing.
   *
   * @throws ValueError when there is no such column.
   *
   * @example
   * ```ts
   * import { parseCsv } from "@flambeau/files";
   *
   * const table = await parseCsv("age,city\n31,Bern\n47,\n,Aarau\n");
   * console.log(table.dropna().length, table.dropna(["age"]).length);
   * // 1 2
   * ```
   */
  dropna(...args: Args<typeof DROPNA, DropnaTypes>): CsvTable {
    const { subset } = bind<typeof DROPNA, DropnaTypes>(DROPNA, args);
    const columns = this.#findAll("dropna", subset ?? this.columns);
    const rows = this.#rows.filter((row) => columns.every((column) => !this.#missing.has(row[column])));
    return new CsvTable(this.columns, rows, this.#missing);
  }

  #findAll(what: string, names: readonly string[]): number[] {
    return names.map((name) => this.#find(what, name));
  }

  #find(what: string, name: unknown): number {
    if (typeof name !== "string")
      throw new ArgumentError(`${what}: a column's name is a string; got ${describeValue(name)}`);
    const at = this.columns.indexOf(name);
    if (at >= 0) return at;
    const list = this.columns.slice(0, 20).map((column) => quote(column));
    if (this.columns.length > 20) list.push("...");
    throw new ValueError(`${what}: there is no column ${quote(name)}; there are ${list.join(", ")}`);
  }
}
