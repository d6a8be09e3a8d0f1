import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ArgumentError, DTypeError, FlambeauError, ShapeError, ValueError } from "@flambeau/backend";
import { Linear } from "@flambeau/nn";
import { ones, type Tensor, tensor, zeros } from "@flambeau/tensor";
import fixture from "../../../tests/fixtures/safetensors_files.json" with { type: "json" };
import {
  FormatError,
  loadSafetensors,
  openSharded,
  type RangeSource,
  safeOpen,
  saveSafetensors,
} from "../src/index.ts";
import { assertElements, bytesOf, joined, refusesCuts, survives } from "./files.ts";

interface File {
  readonly name: string;
  readonly file: string;
  readonly metadata: Record<string, string>;
  readonly tensors: [
    key: string,
    dtype: string,
    readAs: string,
    shape: number[],
    elements: (number | string)[],
  ][];
  readonly same: boolean;
  readonly hasMetadata: boolean;
}
const files = fixture.files as unknown as readonly File[];
const faulty = fixture.faulty as readonly { name: string; file: string; reference: string | null }[];

/** What the reference takes though the format's description forbids it. */
const STRICTER = ["blanks before the header", "a name twice, written in two ways"];

function file(header: string, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const text = new TextEncoder().encode(header);
  const length = new Uint8Array(new BigUint64Array([BigInt(text.length)]).buffer);
  return joined(length, text, data);
}

describe("loadSafetensors", () => {
  for (const { name, file: base64, tensors } of files) {
    test(`reads what the reference wrote: ${name}`, () => {
      const loaded = loadSafetensors(bytesOf(base64));
      assert.deepEqual(Object.keys(loaded).sort(), tensors.map(([key]) => key).sort());
      assert.equal(Object.getPrototypeOf(loaded), Object.prototype);
      for (const [key, , dtype, shape, elements] of tensors) {
        const x = Object.getOwnPropertyDescriptor(loaded, key)?.value as Tensor;
        assert.equal(x.dtype, dtype, key);
        assert.deepEqual(x.shape, shape, key);
        assertElements(x, elements, key);
      }
    });
  }

  for (const { name, file: base64, reference } of faulty) {
    test(`${reference === null ? "takes" : "refuses"} as the reference does: ${name}`, () => {
      const read = () => loadSafetensors(bytesOf(base64));
      if (reference === null && !STRICTER.includes(name)) read();
      else assert.throws(read, FormatError);
    });
  }

  test("says what is wrong", () => {
    const messages: readonly [Uint8Array, RegExp][] = [
      [
        file('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}'),
        /tensor "a" is F32 of shape \[2\], which 4 bytes do not hold/,
      ],
      [file('{"a":1,"a":2}'), /the header has "a" twice/],
      [joined(new Uint8Array(8).fill(255), new Uint8Array(9)), /a header of 18446744073709551615 bytes/],
    ];
    for (const [bytes, message] of messages) assert.throws(() => loadSafetensors(bytes), message);
  });

  test("reads 8-bit floats, and refuses dtypes by name", () => {
    const bits = Uint8Array.of(0x00, 0x80, 0x38, 0x3c, 0x01, 0x7e, 0x7f, 0xff);
    const of = (dtype: string, size: number, data: Uint8Array) =>
      file(`{"a":{"dtype":"${dtype}","shape":[${size}],"data_offsets":[0,${data.length}]}}`, data);
    assertElements(
      loadSafetensors(of("F8_E4M3", 8, bits)).a,
      [0, -0, 1, 1.5, 2 ** -9, 448, "nan", "nan"],
      "E4M3",
    );
    assertElements(
      loadSafetensors(of("F8_E5M2", 8, bits)).a,
      [0, -0, 0.5, 1, 2 ** -16, "nan", "nan", "nan"],
      "E5M2",
    );
    for (const dtype of ["U64", "C64"]) {
      assert.throws(
        () => loadSafetensors(of(dtype, 1, bits)),
        (error) => {
          assert.ok(error instanceof DTypeError);
          assert.match(error.message, new RegExp(`tensor "a" is ${dtype} \\(`));
          return true;
        },
      );
    }
    assert.throws(() => loadSafetensors(of("F4", 16, bits)), DTypeError);
    assert.throws(
      () =>
        loadSafetensors(
          file(
            `{"a":{"dtype":"F32","shape":[${"1,".repeat(64)}1],"data_offsets":[0,4]}}`,
            bits.subarray(0, 4),
          ),
        ),
      ShapeError,
    );
  });

  test("casts floating-point tensors, and no others", async () => {
    const bytes = await saveSafetensors({ x: tensor([1, 2]), n: tensor([3n]), m: tensor([true]) });
    const { x, n, m } = loadSafetensors(bytes, { dtype: "float64" });
    assert.deepEqual([x.dtype, n.dtype, m.dtype], ["float64", "int64", "bool"]);
    assert.deepEqual(x.toArraySync(), [1, 2]);
    assert.throws(() => loadSafetensors(bytes, { dtype: "int32" }), DTypeError);
    assert.equal(loadSafetensors(bytes, { dtype: "bfloat16" }).x.dtype, "bfloat16");
    assert.throws(() => loadSafetensors(bytes, { device: "tpu" }), /no device "tpu"/);
  });

  test("leaves the bytes to the caller, and reads them at any place", async () => {
    const bytes = await saveSafetensors({ x: tensor([1, 2]), d: tensor([3], { dtype: "float64" }) });
    for (const offset of [0, 1, 2, 4]) {
      const moved = joined(new Uint8Array(offset), bytes).subarray(offset);
      const { x, d } = loadSafetensors(moved);
      moved.fill(0);
      assert.deepEqual([x.toArraySync(), d.toArraySync()], [[1, 2], [3]]);
    }
  });

  test("reads Node's buffers, whose slices are views", async () => {
    const bytes = await saveSafetensors({ x: tensor([1, 2]) });
    const { x } = loadSafetensors(Buffer.from(bytes));
    assert.deepEqual(x.toArraySync(), [1, 2]);
  });

  test("fits loadStateDict", async () => {
    const [a, b] = [new Linear(3, 2), new Linear(3, 2)];
    b.loadStateDict(loadSafetensors(await saveSafetensors(a.stateDict())));
    assert.deepEqual(b.weight.toArraySync(), a.weight.toArraySync());
  });

  test("refuses a file cut anywhere", () => {
    for (const { file: base64 } of files.slice(0, 12))
      refusesCuts(bytesOf(base64), (bytes) => loadSafetensors(bytes));
  });

  test("reads or refuses mutated files", () => {
    const all = files.map(({ file: base64 }) => bytesOf(base64));
    const refused = survives(all, (bytes) => loadSafetensors(bytes));
    assert.ok(refused > 5, `${refused} refused`);
  });

  test("a name of JavaScript's is a name like any other", async () => {
    const tensors = new Map(
      ["__proto__", "constructor", "hasOwnProperty", "toString"].map((name) => [name, ones([1])]),
    );
    const loaded = loadSafetensors(await saveSafetensors(tensors));
    assert.deepEqual(Object.keys(loaded).sort(), [...tensors.keys()].sort());
    assert.equal(Object.getPrototypeOf(loaded), Object.prototype);
    assert.equal(({} as Record<string, unknown>).a, undefined);
  });
});

describe("saveSafetensors", () => {
  for (const { name, file: base64, metadata, hasMetadata } of files.filter(({ same }) => same)) {
    test(`writes the reference's bytes: ${name}`, async () => {
      const bytes = bytesOf(base64);
      // The reference has metadata in an order of its own.
      if (Object.keys(metadata).length > 1) return;
      const again = await saveSafetensors(loadSafetensors(bytes), hasMetadata ? { metadata } : {});
      assert.equal(new TextDecoder().decode(again), new TextDecoder().decode(bytes));
      assert.deepEqual(again, bytes);
    });
  }

  test("writes views as their elements", async () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const { t, column, row } = loadSafetensors(
      await saveSafetensors({ t: x.t(), column: x.at(":", 1), row: x.at(1) }),
    );
    assert.deepEqual(t.toArraySync(), x.t().toArraySync());
    assert.deepEqual(
      [column.toArraySync(), row.toArraySync()],
      [
        [2, 5],
        [4, 5, 6],
      ],
    );
  });

  test("refuses what is none", async () => {
    const save = saveSafetensors as (tensors: unknown, options?: object) => Promise<Uint8Array>;
    await assert.rejects(save({ a: 1 }), /"a" is no tensor but 1/);
    await assert.rejects(save(new Map([[1, ones([1])]])), /a name is a text; got 1/);
    await assert.rejects(save({ "\ud800": ones([1]) }), ValueError);
    await assert.rejects(save({ __metadata__: ones([1]) }), ValueError);
    await assert.rejects(save([ones([1])]), ArgumentError);
    await assert.rejects(
      save({ a: ones([1]) }, { metadata: { epoch: 3 } }),
      /metadata has texts only; "epoch" is 3/,
    );
    await assert.rejects(async () => save({ a: ones([1]) }, { meta_data: {} }), ArgumentError);
    await assert.rejects(async () => save({ metadata: {} }), /tensors is missing/);
    const gone = ones([1]);
    gone.dispose();
    await assert.rejects(save({ gone }), /was disposed/);
  });
});

describe("safeOpen", () => {
  const reading = (bytes: Uint8Array): RangeSource & { readonly ranges: [number, number][] } => {
    const ranges: [number, number][] = [];
    return {
      size: bytes.length,
      ranges,
      read: async (start, end) => {
        ranges.push([start, end]);
        return bytes.slice(start, end);
      },
    };
  };

  test("reads the header, and then the tensors on demand", async () => {
    const bytes = await saveSafetensors(
      { a: zeros([100]), b: tensor([1, 2]) },
      { metadata: { format: "pt" } },
    );
    const source = reading(bytes);
    const file = await safeOpen(source);
    assert.deepEqual(file.keys(), ["a", "b"]);
    assert.deepEqual(file.metadata(), { format: "pt" });
    assert.deepEqual(file.info("b"), { dtype: "float32", shape: [2], byteLength: 8 });
    assert.deepEqual((await file.getTensor("b")).toArraySync(), [1, 2]);
    assert.deepEqual(source.ranges, [
      [0, 8],
      [8, bytes.length - 408],
      [bytes.length - 8, bytes.length],
    ]);
    await assert.rejects(file.getTensor("c"), /the file has no tensor "c"; it has \["a", "b"\]/);
  });

  test("refuses a source that gives other bytes than it should", async () => {
    const bytes = await saveSafetensors({ a: ones([4]) });
    const short = await safeOpen({
      size: bytes.length,
      read: (start, end) => bytes.subarray(start, start > 8 ? end - 1 : end),
    });
    await assert.rejects(short.getTensor("a"), /gave 15 bytes, not 16/);
    await assert.rejects(
      safeOpen({ size: bytes.length, read: () => "" as unknown as Uint8Array }),
      ValueError,
    );
    await assert.rejects(safeOpen({ size: -1, read: () => bytes }), ArgumentError);
    await assert.rejects(safeOpen({ size: 4, read: () => bytes.subarray(0, 4) }), FormatError);
    for (const { file: base64, reference } of faulty.filter(({ reference }) => reference !== null)) {
      await assert.rejects(safeOpen(reading(bytesOf(base64))), FlambeauError, reference ?? "");
    }
  });

  test("reads what of a file can be read, where other tensors cannot", async () => {
    const bytes = file(
      '{"a":{"dtype":"U64","shape":[1],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[1],"data_offsets":[8,9]}}',
      Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 7),
    );
    const opened = await safeOpen(bytes);
    assert.equal(opened.info("a").dtype, "uint64");
    assert.deepEqual((await opened.getTensor("b")).toArraySync(), [7]);
    await assert.rejects(opened.getTensor("a"), DTypeError);
  });
});

describe("openSharded", () => {
  const shards = async () =>
    new Map([
      ["one", await saveSafetensors({ a: tensor([1]), b: tensor([2]) })],
      ["two", await saveSafetensors({ c: tensor([3], { dtype: "float64" }) })],
    ]);
  const index = { metadata: { total_size: 16 }, weight_map: { a: "one", b: "one", c: "two" } };

  test("opens each file once, when it is needed", async () => {
    const files = await shards();
    const opened: string[] = [];
    const model = openSharded(JSON.stringify(index), (name) => {
      opened.push(name);
      return files.get(name) as Uint8Array;
    });
    assert.deepEqual([model.keys(), model.metadata()], [["a", "b", "c"], { total_size: 16 }]);
    assert.deepEqual(opened, []);
    const [a, b] = await Promise.all([model.getTensor("a"), model.getTensor("b")]);
    assert.deepEqual([a.toArraySync(), b.toArraySync()], [[1], [2]]);
    assert.deepEqual(opened, ["one"]);
    assert.equal((await model.info("c")).dtype, "float64");
    assert.deepEqual(opened, ["one", "two"]);
  });

  test("casts, and tries a file again that did not open", async () => {
    const files = await shards();
    let fails = true;
    const open = (name: string) => {
      if (fails) throw new Error("no network");
      return files.get(name) as Uint8Array;
    };
    const model = openSharded(index, open, { dtype: "float32" });
    await assert.rejects(model.getTensor("c"), /no network/);
    fails = false;
    assert.equal((await model.getTensor("c")).dtype, "float32");
  });

  test("refuses an index that is none, or does not fit its files", async () => {
    const files = await shards();
    const open = (name: string) => files.get(name) as Uint8Array;
    for (const wrong of ["{", "{}", '{"weight_map":[]}', '{"weight_map":{"a":1}}']) {
      assert.throws(() => openSharded(wrong, open), FormatError, wrong);
    }
    assert.throws(() => openSharded("[]", open), ArgumentError);
    const model = openSharded({ weight_map: { a: "two" } }, open);
    await assert.rejects(model.getTensor("a"), /has "a" in "two", which has it not/);
    await assert.rejects(model.getTensor("toString"), /the index has no tensor "toString"/);
    assert.throws(() => openSharded(index, open, { device: "tpu" }), /no device "tpu"/);
  });
});
