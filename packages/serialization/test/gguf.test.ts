import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DTypeError, FlambeauError, ValueError } from "@flambeau/backend";
import fixture from "../../../tests/fixtures/gguf.json" with { type: "json" };
import { FormatError, loadGguf, openGguf } from "../src/index.ts";
import { bytesOf, joined, refusesCuts, survives } from "./files.ts";
import { type GgufPair, ggufFile, text, uint32, uint64 } from "./gguf-file.ts";

const doubles = (base64: string): number[] => [...new Float64Array(bytesOf(base64).buffer)];
const plain = { name: "a", type: 0, dims: [2], bytes: new Uint8Array(8) };

function refuses(file: Uint8Array, message: RegExp, Class: typeof FlambeauError = FormatError): void {
  assert.throws(
    () => loadGguf(file),
    (error) => error instanceof Class && message.test(error.message),
  );
}

describe(".gguf", () => {
  for (const { name, type, elements, blocks, expected } of fixture.quantized) {
    test(`${name} stands for what ggml's own package makes of it, bit for bit`, () => {
      const bytes = bytesOf(blocks);
      const wanted = bytesOf(expected);
      const { x } = loadGguf(ggufFile([{ name: "x", type, dims: [wanted.length / 4], bytes }]));
      assert.equal(x.dtype, "float32");
      assert.equal(x.shape[0] % elements, 0);
      assert.deepEqual(new Uint8Array((x.dataSync() as Float32Array).slice().buffer), wanted);
    });
  }

  for (const { version, file, metadata } of fixture.files) {
    test(`a file of version ${version}: tensors, shapes and metadata`, async () => {
      const bytes = bytesOf(file);
      const opened = await openGguf(bytes);
      const wanted = metadata.map(([key, value]) => [key, key === "a.u64" ? 2n ** 64n - 1n : value]);
      assert.deepEqual(Object.entries(opened.metadata()), wanted);
      assert.deepEqual(
        opened.keys(),
        fixture.tensors.map(({ name }) => name),
      );
      const loaded = loadGguf(bytes);
      for (const { name, shape, elements } of fixture.tensors) {
        for (const x of [loaded[name], await opened.getTensor(name)]) {
          assert.deepEqual([x.shape, [...x.dataSync()].map(Number)], [shape, doubles(elements)], name);
        }
        assert.deepEqual(opened.info(name).shape, shape);
      }
      assert.deepEqual([opened.info("q4_k").dtype, opened.info("bf16").dtype], ["Q4_K", "bfloat16"]);
      assert.deepEqual(
        [loaded.f16.dtype, loaded.bf16.dtype, loaded.i8.dtype],
        ["float16", "bfloat16", "int8"],
      );
    });
  }

  test("entries come as they lie in the file, from a source that only goes forward", async () => {
    const bytes = bytesOf(fixture.files[0].file);
    let at = 0;
    const read = (start: number, end: number): Uint8Array => {
      assert.ok(start >= at, `${start} after ${at}`);
      at = end;
      return bytes.slice(start, end);
    };
    const names: string[] = [];
    for await (const [name, x] of (await openGguf({ size: bytes.length, read })).entries()) {
      names.push(name);
      const wanted = fixture.tensors.find((one) => one.name === name);
      assert.deepEqual([...x.dataSync()].map(Number), doubles((wanted as { elements: string }).elements));
    }
    assert.equal(names.length, fixture.tensors.length);
  });

  test("a header larger than what is read at first", async () => {
    const words: GgufPair = [
      "words",
      9,
      joined(uint32(8), uint64(20000), ...Array.from({ length: 20000 }, (_, i) => text(`word ${i}`))),
    ];
    const file = await openGguf(ggufFile([plain], [words]));
    assert.equal((file.metadata().words as string[])[19999], "word 19999");
    assert.deepEqual((await file.getTensor("a")).shape, [2]);
  });

  test("types that cannot be read are named, and only when they are read", async () => {
    const file = ggufFile([{ name: "q", type: 11, dims: [256], bytes: new Uint8Array(110) }, plain]);
    const opened = await openGguf(file);
    assert.equal(opened.info("q").dtype, "Q3_K");
    assert.deepEqual((await opened.getTensor("a")).shape, [2]);
    await assert.rejects(opened.getTensor("q"), DTypeError);
    refuses(file, /tensor "q" is Q3_K, which cannot be read here/, DTypeError);
    assert.throws(() => opened.info("b"), ValueError);
  });

  test("placed as another dtype", () => {
    const { x, n } = loadGguf(
      ggufFile([
        { name: "x", type: 0, dims: [1], bytes: new Uint8Array(new Float32Array([1.5]).buffer) },
        { name: "n", type: 26, dims: [1], bytes: uint32(7) },
      ]),
      { dtype: "float64" },
    );
    assert.deepEqual([x.dtype, x.dataSync()[0], n.dtype, n.dataSync()[0]], ["float64", 1.5, "int32", 7]);
  });
});

describe("hostile .gguf files", () => {
  const files = [bytesOf(fixture.files[0].file).slice(), ggufFile([plain], [["general.name", 8, text("x")]])];

  test("a file cut anywhere is refused", () => {
    // Whole rows of blocks follow one another: cut within the header at every byte, within the tensors at some.
    const [large, small] = files;
    for (let length = 0; length < large.length; length += length < 1500 ? 1 : 97)
      assert.throws(() => loadGguf(large.subarray(0, length)), FlambeauError, `cut at ${length}`);
    // Padding follows the last tensor.
    refusesCuts(small.subarray(0, small.length - 24), loadGguf);
  });

  test("mutated files are read or refused", () => {
    const refused = survives(files, loadGguf);
    assert.ok(refused > 5, `${refused} refused`);
  });

  test("what a header claims is held against the file before anything is allocated", () => {
    refuses(ggufFile([plain], [], { count: 2 ** 40 }), /tensors should follow, for which the file of/);
    refuses(ggufFile([plain], [], { pairCount: 2 ** 30 }), /entries of metadata should follow/);
    refuses(ggufFile([], [["a", 9, joined(uint32(8), uint64(2n ** 60n))]]), /1152921504606846976 for a size/);
    refuses(ggufFile([], [["a", 9, joined(uint32(0), uint64(2 ** 40))]]), /values should follow/);
    refuses(ggufFile([], [["a", 8, uint64(2 ** 40)]]), /bytes of a text should follow/);
    refuses(ggufFile([{ ...plain, dims: [2 ** 46] }]), /ends at byte/);
    refuses(ggufFile([{ ...plain, dims: [2 ** 46, 2 ** 46] }]), /no whole blocks|ends at byte/);
    refuses(ggufFile([{ ...plain, dims: new Array(9).fill(1) }]), /has 9 dimensions/);
    refuses(ggufFile([{ ...plain, type: 2, dims: [33] }]), /no whole blocks of 32/);
  });

  test("tensors that overlap, stand twice or lie anywhere are refused", () => {
    refuses(ggufFile([plain, { ...plain, name: "b", offset: 0 }]), /tensors "a" and "b" overlap/);
    refuses(ggufFile([plain, plain]), /tensor "a" is there twice/);
    refuses(ggufFile([{ ...plain, offset: 8 }]), /begins at 8, no multiple of 32/);
  });

  test("damaged metadata are refused", () => {
    refuses(ggufFile([], [["a", 13, uint32(0)]]), /is of type 13, which the format has not/);
    refuses(ggufFile([], [["a", 7, Uint8Array.from([2])]]), /a bool is 2/);
    refuses(
      ggufFile(
        [],
        [
          ["a", 0, Uint8Array.of(1)],
          ["a", 0, Uint8Array.of(1)],
        ],
      ),
      /have "a" twice/,
    );
    refuses(ggufFile([], [["a", 8, joined(uint64(1), Uint8Array.of(0xff))]]), /no UTF-8/);
    const nested = (level: number): Uint8Array =>
      joined(uint32(9), uint64(1), level === 0 ? joined(uint32(0), uint64(0)) : nested(level - 1));
    refuses(ggufFile([], [["a", 9, nested(100)]]), /nested more than 8 deep/);
    refuses(ggufFile([], [["general.alignment", 4, uint32(0)]]), /the alignment is 0/);
    refuses(ggufFile([], [], { version: 1 }), /version 1; 2 and 3/);
    refuses(ggufFile([], [], { version: 0x03000000 }), /big-endian/);
    refuses(new Uint8Array(100), /does not begin with "GGUF"/);
  });

  test("names of JavaScript's are names like any other", () => {
    const loaded = loadGguf(ggufFile([{ ...plain, name: "__proto__" }]));
    assert.equal(Object.getPrototypeOf(loaded), Object.prototype);
    assert.deepEqual(Object.keys(loaded), ["__proto__"]);
  });
});
