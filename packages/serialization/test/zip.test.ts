import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { deflateRawSync, crc32 as zlibCrc } from "node:zlib";
import { FormatError } from "../src/index.ts";
import { crc32 } from "../src/zip/crc32.ts";
import { inflate } from "../src/zip/inflate.ts";
import { ZipArchive } from "../src/zip/read.ts";
import { writeZip, type ZipFile } from "../src/zip/write.ts";
import { below, joined, refusesCuts } from "./files.ts";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const stored = (name: string, bytes: Uint8Array): ZipFile => ({
  name,
  packed: bytes.length,
  fill: (target) => target.set(bytes),
});
const deflated = (name: string, bytes: Uint8Array, size = bytes.length): ZipFile => {
  const packed = new Uint8Array(deflateRawSync(bytes));
  return {
    name,
    packed: packed.length,
    fill: (target) => target.set(packed),
    deflated: { size, crc: crc32(bytes) },
  };
};
const opened = (bytes: Uint8Array, maxBytes = 2 ** 31): ZipArchive =>
  new ZipArchive(bytes, { what: ".zip", maxBytes, checksums: true });

/** Where the header of an entry in the directory is, and where its local one. */
function headers(bytes: Uint8Array, count: number): { central: number[]; view: DataView } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const central: number[] = [];
  for (let at = 0; at + 4 <= bytes.length && central.length < count; at++) {
    if (view.getUint32(at, true) === 0x02014b50) central.push(at);
  }
  return { central, view };
}

describe("crc32", () => {
  test("is zlib's", () => {
    for (let length = 0; length < 70; length++) {
      const bytes = Uint8Array.from({ length }, () => below(256));
      assert.equal(crc32(bytes), zlibCrc(bytes), `${length} bytes`);
    }
  });
});

describe("inflate", () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => (i % 7) * (i % 11));

  test("gives what was deflated", () => {
    for (const level of [0, 1, 9])
      assert.deepEqual(inflate("x", new Uint8Array(deflateRawSync(bytes, { level })), bytes.length), bytes);
    assert.deepEqual(inflate("x", new Uint8Array(deflateRawSync(new Uint8Array(0))), 0), new Uint8Array(0));
  });

  test("refuses a stream of another size, one that is cut, and one that is none", () => {
    const packed = new Uint8Array(deflateRawSync(bytes));
    assert.throws(() => inflate("x", packed, bytes.length - 1), /more than the 99999 bytes/);
    assert.throws(() => inflate("x", packed, bytes.length + 1), FormatError);
    for (let length = 0; length < packed.length; length += 7)
      assert.throws(() => inflate("x", packed.subarray(0, length), bytes.length), FormatError);
    assert.throws(() => inflate("x", new Uint8Array(50).fill(0xff), 10), FormatError);
  });

  test("stops at a bomb", () => {
    const bomb = new Uint8Array(deflateRawSync(new Uint8Array(2 ** 26)));
    assert.throws(() => inflate("x", bomb, 1000), /more than the 1000 bytes/);
  });
});

describe("ZipArchive", () => {
  const write = (alignment = 1): Promise<Uint8Array> =>
    writeZip(
      [
        stored("a", text("hello")),
        stored("folder/é", new Uint8Array(0)),
        deflated("c", new Uint8Array(1000)),
      ],
      alignment,
    );

  test("reads what writeZip writes, aligned or not", async () => {
    for (const alignment of [1, 2, 4, 64]) {
      const bytes = await write(alignment);
      const archive = opened(bytes);
      assert.deepEqual(archive.names, ["a", "folder/é", "c"]);
      assert.deepEqual(archive.read("a"), text("hello"));
      assert.deepEqual(archive.read("folder/é"), new Uint8Array(0));
      assert.deepEqual(archive.read("c"), new Uint8Array(1000));
      assert.equal(archive.read("a").byteOffset % alignment, 0);
      assert.throws(() => archive.read("b"), /it has no "b"/);
    }
  });

  test("reads one with a comment, and one without entries", async () => {
    const bytes = joined(await write(), text("a comment")) as Uint8Array;
    new DataView(bytes.buffer).setUint16(bytes.length - 11, 9, true);
    assert.deepEqual(opened(bytes).read("a"), text("hello"));
    assert.deepEqual(opened(await writeZip([], 1)).names, []);
  });

  test("refuses one that is cut anywhere", async () => {
    refusesCuts(await write(), opened);
  });

  test("refuses damaged entries", async () => {
    const patched = async (
      change: (view: DataView, central: number[], bytes: Uint8Array) => void,
    ): Promise<ZipArchive> => {
      const bytes = await write();
      const { view, central } = headers(bytes, 3);
      change(view, central, bytes);
      return opened(bytes);
    };
    await assert.rejects(
      patched((view, [a]) => view.setUint16(a + 8, 1, true)),
      /"a" is encrypted/,
    );
    await assert.rejects(
      patched((view, [a]) => view.setUint16(a + 10, 12, true)),
      /compressed by method 12/,
    );
    await assert.rejects(
      patched((view, [a]) => view.setUint32(a + 24, 6, true)),
      /"a" cannot have 6 bytes/,
    );
    await assert.rejects(
      patched((view, [, , c]) => view.setUint32(c + 24, 2 ** 31, true)),
      /"c" cannot have 2147483648 bytes/,
    );
    await assert.rejects(
      patched((view, [a]) => view.setUint32(a + 42, 1, true)),
      /does not lie where the directory has it/,
    );
    await assert.rejects(
      patched((view, [a]) => view.setUint32(a + 24, 2 ** 32 - 1, true)),
      /no size that a file of/,
    );
    await assert.rejects(
      patched((_, [a], bytes) => bytes.fill(0x62, a + 46, a + 47)),
      /another name where its bytes are/,
    );
    await assert.rejects(
      patched((view, [a, b]) => view.setUint32(b + 42, view.getUint32(a + 42, true), true)),
      /another name/,
    );
    const damaged = await patched((_, __, bytes) => bytes.fill(0x58, 31, 32));
    assert.throws(() => damaged.read("a"), /"a" is damaged: its checksum/);
  });

  test("refuses entries that share bytes, or a name", async () => {
    const twice = await writeZip([stored("a", text("x")), stored("a", text("y"))], 1);
    assert.throws(() => opened(twice), /it has "a" twice/);
    // Two entries whose local headers have the same name, of which the directory has the first under two names.
    const bytes = await writeZip([stored("a", text("PK")), stored("b", text("x"))], 1);
    const { view, central } = headers(bytes, 2);
    view.setUint32(central[0] + 20, 40, true);
    view.setUint32(central[0] + 24, 40, true);
    assert.throws(() => opened(bytes), /overlap|is cut off/);
  });

  test("refuses sizes that the file cannot have, and more than it may inflate to", async () => {
    const lies = await writeZip([deflated("a", new Uint8Array(100), 2 ** 50)], 1);
    assert.throws(() => opened(lies), /no size that|cannot have/);
    const bytes = await writeZip(
      [deflated("a", new Uint8Array(1000)), deflated("b", new Uint8Array(1000))],
      1,
    );
    const archive = opened(bytes, 1500);
    assert.equal(archive.read("a").length, 1000);
    assert.throws(() => archive.read("b"), /inflate to more than 1500 bytes; give a larger maxBytes/);
  });

  test("reads the 64-bit forms of sizes and places", async () => {
    const files = [
      stored("a", text("hello")),
      deflated("b", new Uint8Array(1000)),
      stored("c", text("there")),
    ];
    for (const limit of [0, 5, 50, 1000]) {
      const archive = opened(await writeZip(files, 64, limit));
      assert.deepEqual(archive.names, ["a", "b", "c"]);
      assert.deepEqual([archive.read("a"), archive.read("c")], [text("hello"), text("there")]);
      assert.deepEqual(archive.read("b"), new Uint8Array(1000));
    }
    // A file whose size does not fit in 32 bits, and that the test does not fill.
    const far: ZipFile[] = [{ ...deflated("a", text("hello")), deflated: { size: 2 ** 32, crc: 1 } }];
    const bytes = await writeZip(far, 1);
    assert.throws(() => opened(bytes), /"a" has no size that|cannot have 4294967296 bytes/);
  });
});
