/** Dtypes: promotion as PyTorch has it, sizes, arrays, names and what is suggested for wrong ones. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  categoryOf,
  checkDType,
  type DType,
  dtypeOfArray,
  dtypes,
  isDType,
  isFloat,
  isHalf,
  itemSize,
  promote,
  promoteScalar,
  suggestion,
  typedArray,
} from "@flambeau/backend";

/** torch.promote_types of PyTorch 1.13: a row for each dtype with every other one. */
const promoted: Readonly<Record<DType, string>> = {
  bool: "bool uint8 int8 int16 int32 int64 float16 bfloat16 float32 float64",
  uint8: "uint8 uint8 int16 int16 int32 int64 float16 bfloat16 float32 float64",
  int8: "int8 int16 int8 int16 int32 int64 float16 bfloat16 float32 float64",
  int16: "int16 int16 int16 int16 int32 int64 float16 bfloat16 float32 float64",
  int32: "int32 int32 int32 int32 int32 int64 float16 bfloat16 float32 float64",
  int64: "int64 int64 int64 int64 int64 int64 float16 bfloat16 float32 float64",
  float16: "float16 float16 float16 float16 float16 float16 float16 float32 float32 float64",
  bfloat16: "bfloat16 bfloat16 bfloat16 bfloat16 bfloat16 bfloat16 float32 bfloat16 float32 float64",
  float32: "float32 float32 float32 float32 float32 float32 float32 float32 float32 float64",
  float64: "float64 float64 float64 float64 float64 float64 float64 float64 float64 float64",
};

/** torch.result_type of a tensor of each dtype and a Python scalar, by the scalar and the default dtype. */
const withScalar: readonly (readonly [scalar: number | boolean, float: DType, row: string])[] = [
  [true, "float32", "bool uint8 int8 int16 int32 int64 float16 bfloat16 float32 float64"],
  [2, "float32", "int64 uint8 int8 int16 int32 int64 float16 bfloat16 float32 float64"],
  [2.5, "float32", "float32 float32 float32 float32 float32 float32 float16 bfloat16 float32 float64"],
  [2.5, "float64", "float64 float64 float64 float64 float64 float64 float16 bfloat16 float32 float64"],
];

describe("promotion", () => {
  test("of two dtypes is PyTorch's", () => {
    assert.deepEqual(Object.keys(promoted), dtypes);
    for (const a of dtypes) assert.equal(dtypes.map((b) => promote(a, b)).join(" "), promoted[a], a);
  });

  test("has no order and no grouping", () => {
    for (const a of dtypes) {
      assert.equal(promote(a, a), a);
      for (const b of dtypes) {
        assert.equal(promote(a, b), promote(b, a));
        for (const c of dtypes) assert.equal(promote(promote(a, b), c), promote(a, promote(b, c)));
      }
    }
  });

  for (const [scalar, float, row] of withScalar) {
    test(`with ${scalar} and the default ${float} is PyTorch's`, () => {
      assert.equal(dtypes.map((dtype) => promoteScalar(dtype, scalar, float)).join(" "), row);
    });
  }

  test("counts what is no fraction as an integer: bigints, -0, large numbers", () => {
    for (const scalar of [2n, -0, 1e300, -5])
      for (const dtype of dtypes)
        assert.equal(promoteScalar(dtype, scalar, "float32"), promoteScalar(dtype, 2, "float32"));
    for (const scalar of [Number.NaN, Infinity, -Infinity])
      for (const dtype of dtypes)
        assert.equal(promoteScalar(dtype, scalar, "float32"), promoteScalar(dtype, 2.5, "float32"));
  });
});

test("categories, floats and sizes go together", () => {
  assert.deepEqual(
    dtypes.map(categoryOf).join(" "),
    "bool integer integer integer integer integer float float float float",
  );
  for (const dtype of dtypes) assert.equal(isFloat(dtype), categoryOf(dtype) === "float");
  // 16-bit floats are two bytes on their device, and four in the array that they are read as.
  for (const dtype of dtypes)
    assert.equal(itemSize(dtype), isHalf(dtype) ? 2 : typedArray(dtype, 1).BYTES_PER_ELEMENT, dtype);
  assert.deepEqual(dtypes.filter(isHalf), ["float16", "bfloat16"]);
});

describe("arrays", () => {
  test("of a dtype hold zeros, and have it back but for bool and 16-bit floats", () => {
    const read: Readonly<Partial<Record<DType, DType>>> = {
      bool: "uint8",
      float16: "float32",
      bfloat16: "float32",
    };
    for (const dtype of dtypes) {
      for (const length of [0, 1, 5]) {
        const array = typedArray(dtype, length);
        assert.deepEqual(Array.from(array, Number), new Array(length).fill(0));
        assert.equal(dtypeOfArray(array), read[dtype] ?? dtype);
      }
    }
  });

  test("are fresh", () => {
    const [a, b] = [typedArray("int32", 2), typedArray("int32", 2)];
    a[0] = 1;
    assert.equal(b[0], 0);
  });

  test("too large for memory are an error of the library, with their size", () => {
    assert.throws(() => typedArray("float64", Number.MAX_SAFE_INTEGER), {
      name: "DeviceError",
      message: /not enough memory .* 9007199254740991 elements of float64 \(6\.71e\+7 GiB\)/,
    });
  });

  for (const array of [new Uint16Array(1), new Uint32Array(1), new BigUint64Array(1)]) {
    test(`of ${array.constructor.name} have no dtype`, () => {
      assert.throws(() => dtypeOfArray(array), {
        name: "DTypeError",
        message: new RegExp(`an? ${array.constructor.name} has no dtype; use a Float32Array`),
      });
    });
  }
  test("of clamped bytes and of nothing in particular have none either", () => {
    for (const array of [new Uint8ClampedArray(1), new DataView(new ArrayBuffer(8))])
      assert.throws(() => dtypeOfArray(array), { name: "DTypeError" });
  });
});

describe("names", () => {
  test("of dtypes are those listed, and nothing that objects have", () => {
    for (const dtype of dtypes) assert.ok(isDType(dtype));
    for (const value of [
      "float",
      "",
      "toString",
      "constructor",
      "__proto__",
      32,
      null,
      undefined,
      ["float32"],
    ])
      assert.equal(isDType(value), false, String(value));
    assert.equal(checkDType("int64"), "int64");
  });

  const meant: Readonly<Record<string, string | null>> = {
    float: "float32",
    number: "float32",
    "torch.double": "float64",
    half: "float16",
    int: "int32",
    "np.long": "int64",
    bigint: "int64",
    byte: "uint8",
    boolean: "bool",
    Float32: "float32",
    "torch.float64": "float64",
    "numpy.int32": "int32",
    cuda: "webgpu",
    "cuda:0": "webgpu",
    mps: "webgpu",
    CPU: "cpu",
    complex64: null,
    toString: null,
    "": null,
  };
  for (const [name, dtype] of Object.entries(meant)) {
    test(`${name || "nothing"}, which is none, suggests ${dtype}`, () => {
      const wanted = dtype === null ? "" : `; did you mean "${dtype}"?`;
      assert.equal(suggestion(name), wanted);
      assert.throws(
        () => checkDType(name),
        (error: Error) =>
          error.name === "DTypeError" &&
          error.message === `unknown dtype "${name}"; the dtypes are ${dtypes.join(", ")}${wanted}`,
      );
    });
  }

  test("that are right suggest nothing", () => {
    for (const name of [...dtypes, "cpu"]) assert.equal(suggestion(name), "");
    // It may be right, and is opened by a call.
    assert.equal(suggestion("webgpu"), "; open it first: await webgpu.init()");
  });

  test("are quoted whatever they are", () => {
    for (const [value, text] of [
      [undefined, "undefined"],
      [32, "32"],
      [null, "null"],
      [{ dtype: "int32" }, '{ dtype: "int32" }'],
    ] as const)
      assert.throws(() => checkDType(value), {
        message: new RegExp(`^unknown dtype ${text.replace(/[{}]/g, "\\$&")};`),
      });
  });
});
