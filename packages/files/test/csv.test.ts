/** Comma-separated values: what is read is what pandas reads, and what is no table is an error. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { ArgumentError, ValueError } from "@flambeau/backend";
import { FormatError } from "@flambeau/serialization";
import fixture from "../../../tests/fixtures/csv_tables.json" with { type: "json" };
import { called } from "../../../tests/src/arguments.ts";
import { FileError, parseCsv, readCsv } from "../src/index.ts";

interface Column {
  readonly values: readonly string[];
  readonly codes: readonly number[];
  readonly numbers: readonly string[] | null;
}
interface Expected {
  readonly text: string;
  readonly length: number;
  readonly complete: number;
  readonly columns: Readonly<Record<string, Column>>;
}

const SPECIAL: Readonly<Record<string, number>> = { nan: Number.NaN, inf: Infinity, "-inf": -Infinity };

describe("as pandas reads it", () => {
  for (const [name, expected] of Object.entries(fixture as unknown as Record<string, Expected>))
    test(name, async () => {
      const table = await parseCsv(expected.text);
      assert.equal(table.length, expected.length);
      assert.equal(table.dropna().length, expected.complete);
      assert.deepEqual(table.columns, Object.keys(expected.columns));
      for (const [column, { values, codes, numbers }] of Object.entries(expected.columns)) {
        const categories = table.categories(column);
        assert.deepEqual(categories.values, values);
        assert.equal(categories.codes.dtype, "int64");
        assert.deepEqual(categories.codes.toArraySync(), codes);
        if (numbers === null) assert.throws(() => table.numeric([column]), FormatError);
        else {
          const x = table.numeric([column], { dtype: "float64" });
          assert.deepEqual(x.shape, [expected.length, 1]);
          assert.deepEqual(
            x.flatten().toArraySync(),
            numbers.map((number) => SPECIAL[number] ?? Number(number)),
          );
        }
      }
    });
});

describe("a table", () => {
  test("numbers of several columns are a matrix of float32, in the order that is asked for", async () => {
    const x = (await parseCsv("a,b,c\n1,2,3\n4,5,6\n")).numeric(["c", "a"]);
    assert.equal(x.dtype, "float32");
    assert.deepEqual(x.toArraySync(), [
      [3, 1],
      [6, 4],
    ]);
  });

  test("without a header columns are numbered, and other delimiters and missing values are given", async () => {
    const table = await parseCsv("1;?\nNA;2\n", { delimiter: ";", header: false, naValues: ["?"] });
    assert.deepEqual(table.columns, ["0", "1"]);
    assert.deepEqual(table.numeric(["1"]).toArraySync(), [[Number.NaN], [2]]);
    assert.deepEqual(table.categories("0").values, ["1", "NA"]);
    assert.deepEqual(table.dropna(["0"]).length, 2);
    assert.deepEqual(table.dropna({ subset: ["1"] }).column("0"), ["NA"]);
  });

  test("cells stay as they are in the file, line ends in quotes apart", async () => {
    const table = await parseCsv('a,b\r\n" x ","1\r\n2"\r\n');
    assert.deepEqual([table.column("a"), table.column("b")], [[" x "], ["1\n2"]]);
  });

  test("what its methods refuse", async () => {
    const table = await parseCsv("age,city\n31,Bern\n0x10,Aarau\n");
    const refused: readonly (readonly [() => unknown, typeof ValueError | typeof ArgumentError, RegExp])[] = [
      [() => table.numeric(["age"]), FormatError, /numeric: row 1 of column "age" is "0x10", no number/],
      [() => table.column("town"), ValueError, /column: there is no column "town"; there are "age", "city"/],
      [() => table.categories("town"), ValueError, /categories: there is no column "town"/],
      [() => table.dropna(["town"]), ValueError, /dropna: there is no column "town"/],
      [() => called(table.numeric.bind(table))("age"), ArgumentError, /numeric: names is an array/],
      [() => called(table.numeric.bind(table))([1]), ArgumentError, /a column's name is a string/],
      [() => called(table.numeric.bind(table))(["age"], { dtype: "int64" }), ArgumentError, /dtype/],
      [() => called(table.column.bind(table))(3), ArgumentError, /a column's name is a string/],
    ];
    for (const [run, kind, message] of refused)
      assert.throws(run, (error) => error instanceof kind && message.test(error.message), String(message));
  });
});

describe("what is no table", () => {
  const broken: readonly (readonly [name: string, text: string, message: RegExp])[] = [
    ["nothing", "", /parseCsv: there is nothing in it/],
    ["empty lines", "\n\r\n", /there is nothing in it/],
    ["a row with less", "a,b\n1,2\n3\n", /row 1 has 1 cells, the header 2; is the delimiter ","\?/],
    ["a row with more", "a,b\n1,2,3\n", /row 0 has 3 cells, the header 2/],
    ["two columns of one name", "a,b,a\n1,2,3\n", /two columns have the name "a"/],
    ["a quote that stays open", 'a,b\n1,2\n"3,4\n5,6\n', /line 3: a quote is opened and never closed/],
    ["a quote in the middle", 'a,b\n"1"x,2\n', /line 2: a quote is closed before the end of its cell/],
  ];
  for (const [name, text, message] of broken)
    test(name, () =>
      assert.rejects(parseCsv(text), (error) => error instanceof FormatError && message.test(error.message)),
    );

  test("options that are none", async () => {
    for (const delimiter of ["", "\n", '"', "\ufeff"])
      await assert.rejects(
        parseCsv("a\n", { delimiter }),
        /parseCsv: delimiter is what stands between cells/,
      );
    await assert.rejects(called<Promise<unknown>>(parseCsv)("a\n", { naValues: [1] }), ArgumentError);
  });
});

describe("readCsv", () => {
  const text = "age,city\n31,Zürich\n";

  test("from a path, a Blob, bytes and an address", async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "flambeau-csv-"));
    t.after(() => rmSync(folder, { recursive: true }));
    const path = join(folder, "a.csv");
    writeFileSync(path, text);
    const bytes = new TextEncoder().encode(text);
    for (const source of [path, new Blob([text]), bytes, `data:text/csv,${encodeURIComponent(text)}`])
      assert.deepEqual((await readCsv(source)).column("city"), ["Zürich"]);
    await assert.rejects(readCsv(join(folder, "b.csv")), FileError);
    writeFileSync(path, "a,b\n1\n");
    await assert.rejects(readCsv(path), (error) => {
      assert.ok(error instanceof FormatError);
      assert.equal(error.message, `${path}: readCsv: row 0 has 1 cells, the header 2; is the delimiter ","?`);
      return true;
    });
  });

  test("what is no UTF-8", () =>
    assert.rejects(readCsv(new Uint8Array([97, 10, 0xe9, 10])), (error) => {
      assert.ok(error instanceof FormatError);
      assert.match(error.message, /the bytes: readCsv: the file is no text in UTF-8; decode it/);
      return true;
    }));
});
