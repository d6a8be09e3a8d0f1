import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type DType,
  DTypeError,
  dtypes,
  halfBits,
  halfValue,
  ShapeError,
  type TypedArray,
  typedArray,
  ValueError,
} from "@flambeau/backend";
import fc from "fast-check";
import fixture from "../../../tests/fixtures/npy.json" with { type: "json" };
import { readHeader, writeHeader } from "../src/npy/header.ts";
import { decodeNpy, encodeNpy } from "../src/npy/index.ts";

interface File {
  npy: string;
  descr: string;
  shape: number[];
  dtype: DType;
  data: (number | string)[];
  same: boolean;
}

const halfToNumber = halfValue("float16");
const numberToHalf = halfBits("float16");
const files = fixture.files as unknown as File[];

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function arrayOf({ dtype, data }: File): TypedArray {
  const array = typedArray(dtype, data.length);
  for (let i = 0; i < data.length; i++) {
    if (array instanceof BigInt64Array) array[i] = BigInt(data[i]);
    else array[i] = parse(data[i]);
  }
  return array;
}

function parse(value: number | string): number {
  return typeof value === "number" ? value : Number(value.replace("inf", "Infinity"));
}

/** A file of version 1.0 with any header text and any bytes behind it. */
function fileWith(header: string, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const text = new TextEncoder().encode(header);
  return Uint8Array.from([
    0x93,
    ...new TextEncoder().encode("NUMPY"),
    1,
    0,
    text.length & 255,
    text.length >> 8,
    ...text,
    ...data,
  ]);
}

describe("decodeNpy", () => {
  test(`reads ${files.length} files that NumPy wrote`, () => {
    assert.ok(files.length > 100);
    for (const file of files) {
      const { shape, dtype, data } = decodeNpy(bytesOf(file.npy));
      const about = `${file.descr} (${file.shape.join(", ")})`;
      assert.deepEqual(shape, file.shape, about);
      assert.equal(dtype, file.dtype, about);
      assert.deepEqual(data, arrayOf(file), about);
    }
  });

  test("reads from the middle of a larger buffer", () => {
    const bytes = encodeNpy({ shape: [2], dtype: "float64", data: Float64Array.of(1.5, -2) });
    const larger = new Uint8Array(bytes.length + 10);
    larger.set(bytes, 3);
    assert.deepEqual(decodeNpy(larger.subarray(3, 3 + bytes.length)).data, Float64Array.of(1.5, -2));
  });

  test("reads headers as other writers put them: spacing, double quotes, Python 2's long integers", () => {
    const eight = new Uint8Array(8);
    for (const header of [
      `{"shape":(2L,),"descr":"<f4","fortran_order":False}`,
      " { 'fortran_order' : True , 'shape' : ( 1 , 2 , ) , 'descr' : '<f4' , }  \n\n",
      "{'descr': 'i8', 'fortran_order': False, 'shape': ()}",
      "{'descr': '=f8', 'fortran_order': False, 'shape': (1,)}",
    ]) {
      assert.equal(decodeNpy(fileWith(header, eight)).data.byteLength, 8, header);
    }
  });

  for (const { why, npy } of fixture.refused) {
    test(`refuses ${why}`, () => assert.throws(() => decodeNpy(bytesOf(npy)), ValueError));
  }

  test("refuses every truncation, and bytes too many", () => {
    const bytes = encodeNpy({ shape: [2, 3], dtype: "int32", data: Int32Array.of(1, 2, 3, 4, 5, 6) });
    for (let length = 0; length < bytes.length; length++) {
      assert.throws(() => decodeNpy(bytes.subarray(0, length)), ValueError, `${length} bytes`);
    }
    assert.throws(() => decodeNpy(Uint8Array.from([...bytes, 0])), /24 bytes, but 25/);
  });

  test("refuses malformed headers", () => {
    const good = "{'descr': '<f4', 'fortran_order': False, 'shape': (0,), }";
    assert.deepEqual(decodeNpy(fileWith(good)).shape, [0]);
    for (const header of [
      "",
      "nonsense",
      "[1, 2]",
      "{}",
      good.slice(0, -1),
      `${good} extra`,
      good.replace("False", "0"),
      good.replace("False", "Maybe"),
      good.replace("(0,)", "(0)"),
      good.replace("(0,)", "[0]"),
      good.replace("(0,)", "(-1,)"),
      good.replace("(0,)", "(0, 'x')"),
      good.replace("(0,)", "(True,)"),
      good.replace("(0,)", "(99999999999999999999, 0)"),
      good.replace("(0,)", "(1000000000000,)"),
      good.replace("'<f4'", "4"),
      good.replace("'<f4'", "'|f4'"),
      good.replace("'<f4'", "'<f16'"),
      good.replace("'<f4'", "'toString'"),
      good.replace("'<f4'", "''"),
      good.replace("'<f4'", "'\n'"),
      good.replace("<f4", "<".repeat(60000)),
      good.replace("}", "'more': 1}"),
      good.replace("'shape'", "'size'"),
      good.replace("'shape'", "3"),
      good.replace("(0,)", "(".repeat(10000)),
    ]) {
      assert.throws(() => decodeNpy(fileWith(header)), ValueError, header.slice(0, 100));
    }
    const future = fileWith(good);
    future[6] = 4;
    assert.throws(() => decodeNpy(future), /version 4\.0/);
  });

  test("any bytes at all are read or refused with a ValueError", () => {
    const valid = encodeNpy({ shape: [3], dtype: "bool", data: Uint8Array.of(1, 0, 1) });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { maxLength: 4 }), (edits) => {
        const bytes = Uint8Array.from(valid);
        for (const [at, byte] of edits) bytes[at] = byte;
        try {
          decodeNpy(bytes);
        } catch (error) {
          assert.ok(error instanceof ValueError, String(error));
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe("encodeNpy", () => {
  const same = files.filter((file) => file.same);
  test(`writes the bytes that numpy.save writes, for ${same.length} arrays`, () => {
    assert.ok(same.length > 40);
    for (const file of same) {
      const bytes = encodeNpy({ shape: file.shape, dtype: file.dtype, data: arrayOf(file) });
      assert.deepEqual(bytes, bytesOf(file.npy), `${file.descr} (${file.shape.join(", ")})`);
    }
  });

  test("writes version 2.0 where the header is too long for 1.0", () => {
    const header = { descr: "|u1", fortranOrder: false, shape: new Array<number>(30000).fill(1) };
    const bytes = writeHeader(header);
    assert.deepEqual([...bytes.subarray(6, 8)], [2, 0]);
    assert.equal(bytes.length % 64, 0);
    assert.deepEqual(readHeader(bytes), { header, dataStart: bytes.length });
  });

  test("refuses more dimensions than a tensor has", () => {
    const header = (count: number): Uint8Array =>
      writeHeader({ descr: "|u1", fortranOrder: false, shape: new Array<number>(count).fill(1) });
    assert.equal(decodeNpy(Uint8Array.of(...header(64), 7)).shape.length, 64);
    assert.throws(() => decodeNpy(Uint8Array.of(...header(65), 7)), ShapeError);
  });

  test("refuses data that does not fit the shape or the dtype", () => {
    assert.throws(
      () => encodeNpy({ shape: [2, 2], dtype: "float32", data: new Float32Array(3) }),
      ShapeError,
    );
    assert.throws(() => encodeNpy({ shape: [3], dtype: "float64", data: new Float32Array(3) }), DTypeError);
    assert.throws(() => encodeNpy({ shape: [3], dtype: "bfloat16", data: new Float32Array(3) }), {
      name: "DTypeError",
      message: "NumPy has no bfloat16; convert first, as in x.float()",
    });
  });

  /** The array with one nan in place of all: whether another's bits survive a copy is up to the engine. */
  const canonical = <T extends TypedArray>(data: T): T => {
    if (data instanceof Float32Array || data instanceof Float64Array)
      for (let i = 0; i < data.length; i++) if (Number.isNaN(data[i])) data[i] = Number.NaN;
    return data;
  };

  test("what is written is read back, whatever the dtype, shape and values", () => {
    const shapes = fc.array(fc.nat(4), { maxLength: 4 });
    const bits = fc.infiniteStream(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }));
    fc.assert(
      fc.property(
        shapes,
        fc.constantFrom(...dtypes.filter((dtype) => dtype !== "bfloat16")),
        bits,
        (shape, dtype, stream) => {
          const count = shape.reduce((product, size) => product * size, 1);
          const data = typedArray(dtype, count);
          for (let i = 0; i < count; i++) {
            const word = BigInt64Array.of(stream.next().value as bigint);
            if (data instanceof BigInt64Array) data[i] = word[0];
            else if (dtype === "bool") data[i] = Number(word[0] & 1n);
            else if (dtype === "float16") data[i] = halfToNumber(Number(word[0] & 0xffffn));
            else if (data instanceof Float64Array) data[i] = new Float64Array(word.buffer)[0];
            else if (data instanceof Float32Array) data[i] = new Float32Array(word.buffer)[0];
            else data[i] = new Int32Array(word.buffer)[0];
          }
          const back = decodeNpy(encodeNpy({ shape, dtype, data }));
          assert.deepEqual({ ...back, data: canonical(back.data) }, { shape, dtype, data: canonical(data) });
        },
      ),
    );
  });
});

describe("half precision", () => {
  test("all 65536 bit patterns survive a round trip", () => {
    for (let bits = 0; bits < 65536; bits++) {
      const value = halfToNumber(bits);
      if (!Number.isNaN(value)) assert.equal(numberToHalf(value), bits);
    }
    assert.ok(Number.isNaN(halfToNumber(numberToHalf(Number.NaN))));
  });

  test("a value between two halves goes to the nearer, a tie to the even one", () => {
    for (let bits = 0; bits < 0x7bff; bits++) {
      const [below, above] = [halfToNumber(bits), halfToNumber(bits + 1)];
      const middle = (below + above) / 2;
      assert.equal(numberToHalf(middle), bits % 2 === 0 ? bits : bits + 1);
      assert.equal(numberToHalf(-(middle + (above - below) / 8)), 0x8000 | (bits + 1));
    }
    assert.deepEqual([65519, 65520, 1e300, -Infinity].map(numberToHalf), [0x7bff, 0x7c00, 0x7c00, 0xfc00]);
  });
});
