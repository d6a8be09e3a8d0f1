import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type DType, type TypedArray, typedArray, ValueError } from "@flambeau/backend";
import fc from "fast-check";
import fixture from "../../../tests/fixtures/printing.json" with { type: "json" };
import {
  formatTensor,
  getPrintOptions,
  type PrintOptions,
  type PrintSource,
  resolvePrintOptions,
  setPrintOptions,
} from "../src/printing/index.ts";
import { formatExponential, formatFixed } from "../src/printing/number.ts";

interface Case {
  shape: number[];
  dtype: DType;
  text: string;
  data?: (number | string)[];
  gen?: [number, number, number, number, number];
  options?: PrintOptions;
  requiresGrad?: boolean;
  gradFn?: string;
}

const cases = fixture.cases as unknown as Case[];

function elementsOf({ shape, dtype, data, gen }: Case): TypedArray {
  const count = shape.reduce((product, size) => product * size, 1);
  const array = typedArray(dtype, count);
  for (let i = 0; i < count; i++) {
    if (array instanceof BigInt64Array) array[i] = BigInt(data ? data[i] : Math.trunc(formula(gen!, i)));
    else if (dtype === "bool") array[i] = (data ? data[i] : formula(gen!, i)) ? 1 : 0;
    else array[i] = data ? parse(data[i]) : formula(gen!, i);
  }
  return array;
}

function formula([a, b, m, scale, offset]: [number, number, number, number, number], i: number): number {
  return (((i * a + b) % m) / m) * scale + offset;
}

function parse(value: number | string): number {
  return typeof value === "number" ? value : Number(value.replace("inf", "Infinity"));
}

function sourceOf(init: Partial<PrintSource> & { data: ArrayLike<number | bigint | boolean> }): PrintSource {
  return {
    shape: init.shape ?? [init.data.length],
    dtype: init.dtype ?? "float32",
    requiresGrad: init.requiresGrad ?? false,
    gradFn: init.gradFn ?? null,
    device: init.device ?? "cpu",
    at: init.at ?? ((i) => init.data[i]),
  };
}

describe("formatTensor", () => {
  test(`prints ${cases.length} tensors as PyTorch does, reading each shown element once`, () => {
    assert.ok(cases.length >= 250);
    for (const item of cases) {
      const data = elementsOf(item);
      const read = new Set<number>();
      const source = sourceOf({
        ...item,
        data,
        at(i) {
          assert.ok(i >= 0 && i < data.length, `index ${i} of shape (${item.shape.join(", ")})`);
          assert.ok(!read.has(i), `element ${i} was read twice`);
          read.add(i);
          return item.dtype === "bool" ? data[i] !== 0 : data[i];
        },
      });
      assert.equal(
        formatTensor(source, resolvePrintOptions(item.options ?? {})),
        item.text,
        JSON.stringify({ ...item, text: undefined }),
      );
    }
  });

  test("a summary reads the elements at the edges and no other", () => {
    const read: number[] = [];
    const at = (i: number): number => {
      read.push(i);
      return i;
    };
    formatTensor(sourceOf({ data: [], shape: [1000, 1000], at }));
    const edges = [0, 1, 2, 997, 998, 999];
    assert.deepEqual(
      read,
      edges.flatMap((row) => edges.map((column) => row * 1000 + column)),
    );
  });

  test("names a device other than the CPU, before the dtype", () => {
    const source = sourceOf({ data: [1, 2], dtype: "int32", device: "webgpu" });
    assert.equal(formatTensor(source), "tensor([1, 2], device='webgpu', dtype=int32)");
  });

  test("no edge items: only the gap is left", () => {
    const options: PrintOptions = { threshold: 1, edgeitems: 0 };
    assert.equal(formatTensor(sourceOf({ data: [1, 2, 3] }), resolvePrintOptions(options)), "tensor([...])");
    assert.equal(
      formatTensor(sourceOf({ data: [1, 2, 3, 4], shape: [2, 2] }), resolvePrintOptions(options)),
      "tensor([...])",
    );
  });
});

describe("print options", () => {
  test("stay in force until changed, and a call without sciMode resets it", () => {
    const source = sourceOf({ data: [0.5, 0.25] });
    try {
      setPrintOptions({ precision: 2, sciMode: true });
      assert.equal(formatTensor(source), "tensor([5.00e-01, 2.50e-01])");
      assert.equal(formatTensor(source, resolvePrintOptions({ sciMode: null })), "tensor([0.50, 0.25])");
      setPrintOptions({ precision: 3 });
      assert.deepEqual(getPrintOptions(), {
        precision: 3,
        threshold: 1000,
        edgeitems: 3,
        linewidth: 80,
        sciMode: null,
      });
    } finally {
      setPrintOptions({ profile: "default" });
    }
    assert.equal(formatTensor(source), "tensor([0.5000, 0.2500])");
  });

  test("without meaning are refused and change nothing", () => {
    const before = getPrintOptions();
    const refused: unknown[] = [
      { precision: -1 },
      { precision: 1.5 },
      { precision: 100 },
      { threshold: -1 },
      { threshold: Number.NaN },
      { edgeitems: -1, precision: 2 },
      { linewidth: 0 },
      { profile: "long" },
    ];
    for (const options of refused) assert.throws(() => setPrintOptions(options as PrintOptions), ValueError);
    assert.deepEqual(getPrintOptions(), before);
  });
});

describe("numbers", () => {
  test("round a tie to the even digit, as Python does", () => {
    assert.deepEqual(
      [0.5, 1.5, 2.5, -0.5, -0].map((x) => formatFixed(x, 0)),
      ["0", "2", "2", "-0", "-0"],
    );
    assert.equal(formatFixed(0.03125, 4), "0.0312");
    assert.equal(formatFixed(0.09375, 4), "0.0938");
    assert.equal(formatFixed(1e22, 2), "10000000000000000000000.00");
    assert.equal(formatExponential(100005, 4), "1.0000e+05");
    assert.equal(formatExponential(100015, 4), "1.0002e+05");
    assert.equal(formatExponential(9.5, 0), "1e+01");
    assert.equal(formatExponential(8.5, 0), "8e+00");
    assert.equal(formatExponential(2.5e22, 0), "2e+22");
    assert.equal(formatExponential(-0, 2), "-0.00e+00");
    assert.equal(formatExponential(1e-300, 1), "1.0e-300");
  });

  test("are the nearest decimal, by exact arithmetic", () => {
    // value = mantissa * 2^exponent, compared as an exact fraction with the printed digits.
    const digitsOf = (text: string): bigint => BigInt(text.replace(".", ""));
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 30 }),
        fc.integer({ min: -40, max: 20 }),
        fc.nat(8),
        (m, e, places) => {
          const printed = digitsOf(formatFixed(m * 2 ** e, places));
          const numerator = BigInt(m) * 10n ** BigInt(places) * 2n ** BigInt(Math.max(e, 0));
          const denominator = 2n ** BigInt(Math.max(-e, 0));
          const twiceOff = 2n * (printed * denominator - numerator);
          const size = twiceOff < 0n ? -twiceOff : twiceOff;
          assert.ok(size < denominator || (size === denominator && printed % 2n === 0n));
        },
      ),
    );
  });
});
