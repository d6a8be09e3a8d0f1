/** Every metric against scikit-learn's, on drawn cases (tools/fixtures/metrics.py): from tensors and from arrays. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FlambeauError, setWarningHandler } from "@flambeau/backend";
import { Tensor, tensor } from "@flambeau/tensor";
import fixture from "../../../tests/fixtures/metrics.json" with { type: "json" };
import * as metrics from "../src/index.ts";

interface Written {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: readonly (number | string | boolean)[];
}

interface Case {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly out?: unknown;
  readonly refused?: boolean;
  readonly warned: number;
}

type Metric = (...args: unknown[]) => unknown;
const functions = metrics as unknown as Readonly<Record<string, Metric>>;
const cases = fixture.cases as unknown as readonly Case[];

const isWritten = (x: unknown): x is Written => typeof x === "object" && x !== null && "dtype" in x;
const numberOf = (x: unknown): number => {
  if (x === "nan") return Number.NaN;
  if (x === "inf" || x === "-inf") return x === "inf" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  return Number(x);
};

/** An argument as a tensor; of strings as an array. */
function asTensor(x: unknown): unknown {
  if (!isWritten(x)) return x;
  const { dtype, shape, data } = x;
  if (dtype === "string") return data;
  if (dtype === "int64") return tensor(BigInt64Array.from(data as number[], BigInt)).reshape([...shape]);
  if (dtype === "bool") return tensor(data as boolean[]);
  return tensor(Float64Array.from(data, numberOf)).reshape([...shape]);
}

/** An argument as an array of JavaScript's. */
function asArray(x: unknown): unknown {
  if (!isWritten(x)) return x;
  const { dtype, shape, data } = x;
  const values = dtype === "string" || dtype === "bool" ? data : data.map(numberOf);
  const [rows, columns] = shape;
  if (shape.length === 1) return values;
  return Array.from({ length: rows }, (_, row) => values.slice(row * columns, (row + 1) * columns));
}

/** Checks a result against what NumPy gave, to the rounding of sums in another order. */
function assertSame(got: unknown, wanted: unknown): void {
  if (isWritten(wanted)) {
    assert.ok(got instanceof Tensor);
    assert.deepEqual(got.shape, wanted.shape);
    const found = Array.from(got.dataSync() as ArrayLike<unknown>, Number);
    for (const [i, value] of wanted.data.entries()) assertSame(found[i], value);
  } else if (Array.isArray(wanted)) {
    const values = [...(got as Iterable<unknown>)];
    assert.equal(values.length, wanted.length);
    for (const [i, value] of values.entries()) assertSame(value, wanted[i]);
  } else if (wanted === null || (typeof wanted === "string" && !["nan", "inf", "-inf"].includes(wanted))) {
    assert.equal(got, wanted);
  } else if (typeof wanted === "object") {
    assert.deepEqual(Object.keys(got as object).sort(), Object.keys(wanted).sort());
    for (const [key, value] of Object.entries(wanted))
      assertSame((got as Record<string, unknown>)[key], value);
  } else {
    const number = numberOf(wanted);
    assert.equal(typeof got, "number");
    const isNear = Math.abs((got as number) - number) <= 1e-12 * Math.max(1, Math.abs(number));
    assert.ok(Object.is(got, number) || isNear, `${got} is not ${number}`);
  }
}

function run({ name, args, options }: Case, read: (x: unknown) => unknown): { out: unknown; warned: number } {
  let warned = 0;
  const before = setWarningHandler(() => {
    warned++;
  });
  try {
    const named = Object.fromEntries(Object.entries(options).map(([key, value]) => [key, read(value)]));
    return { out: functions[name](...args.map(read), named), warned };
  } finally {
    setWarningHandler(before);
  }
}

for (const name of new Set(cases.map((c) => c.name))) {
  describe(`${name} is scikit-learn's`, () => {
    for (const [i, c] of cases.entries()) {
      if (c.name !== name) continue;
      const ways = { tensors: asTensor, arrays: asArray };
      for (const [way, read] of Object.entries(ways)) {
        test(`case ${i}, ${way}: ${JSON.stringify(c.options).slice(0, 80)}`, () => {
          if (c.refused) {
            assert.throws(
              () => run(c, read),
              (error) => error instanceof FlambeauError && error.message.startsWith(`${name}: `),
            );
            return;
          }
          const { out, warned } = run(c, read);
          // A report of arrays of JavaScript has no float classes.
          const isFloat = isWritten(c.args[0]) && c.args[0].dtype.startsWith("float");
          if (name === "classificationReport" && isFloat && read === asArray) return;
          assertSame(out, c.out);
          assert.equal(warned > 0, c.warned > 0, "a warning");
        });
      }
    }
  });
}
