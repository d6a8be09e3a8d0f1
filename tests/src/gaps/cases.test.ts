/** What people report of other libraries, tried here and found wrong once: each fault with its kind. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fl from "flambeau";
import { devices, testOn } from "../devices/devices.ts";

const { ArgumentError, F, ShapeError, ValueError } = fl;

type ErrorClass = new (message: string) => Error;
const refuses = (kinds: ErrorClass | ErrorClass[], message: RegExp, run: () => unknown): void =>
  assert.throws(run, (error) =>
    [kinds].flat().some((kind) => error instanceof kind && message.test(error.message)),
  );

const range = (...numbers: bigint[]): unknown =>
  Array.from(fl.arange(...(numbers as [bigint, bigint, bigint])).dataSync());
const int64 = (...list: bigint[]): fl.Tensor => fl.tensor(list);
const int32 = (...list: number[]): fl.Tensor => fl.tensor(list, { dtype: "int32" });
const value = (x: fl.Tensor): unknown => Array.from(x.dataSync());

describe("integers beyond 2^53 (F1)", () => {
  const p = 2n ** 53n;
  const least = -(2n ** 63n);
  test("arange counts them", () => {
    assert.deepEqual(range(p + 1n, p + 3n), [p + 1n, p + 2n]);
    assert.deepEqual(range(2n ** 62n + 1n, 2n ** 62n + 3n), [2n ** 62n + 1n, 2n ** 62n + 2n]);
    assert.deepEqual(range(p + 1n, p - 5n, -3n), [p + 1n, p - 2n]);
    assert.deepEqual(range(p, p + 2n), [p, p + 1n]);
    assert.deepEqual(range(p + 1n, p + 7n, 3n), [p + 1n, p + 4n]);
    assert.deepEqual(range(least, least + 10n, 3n), [least, least + 3n, least + 6n, least + 9n]);
    assert.deepEqual(range(2n ** 62n, 2n ** 63n - 1n, 2n ** 61n), [2n ** 62n, 3n * 2n ** 61n]);
    assert.deepEqual(range(p, p), []);
  });
  test("arange of int64 cuts numbers, and takes no others", () => {
    const of = (...numbers: number[]): unknown =>
      fl.arange(...(numbers as [number, number, number]), { dtype: "int64" }).toArraySync();
    assert.deepEqual(of(5, 2.5, -1), [5, 4, 3]);
    assert.deepEqual(of(0.9, 5), [0, 1, 2, 3, 4]);
    assert.deepEqual(of(0, 5, 1.5), [0, 1, 2, 3, 4]);
    refuses(ValueError, /steps of 0/, () => of(0, 5, 0.5));
    refuses(ValueError, /arange: 18446744073709551616n? is no value of int64/, () => range(0n, 2n ** 64n));
    refuses(ValueError, /from 1n to 0n/, () => range(1n, 0n));
    refuses(ValueError, /finite/, () => fl.arange(Number.NaN));
  });
  const scalars: Readonly<Record<string, () => unknown>> = {
    add: () => int64(1n).add(2n ** 64n),
    "add of a number": () => int64(1n).add(1e30),
    "add to int32": () => int32(1).add(2n ** 64n),
    "add to bools": () => fl.tensor([true]).add(2n ** 64n),
    add_: () => int64(1n).add_(2n ** 63n),
    "add with alpha": () => int64(1n).add(3n, { alpha: 2n ** 64n }),
    "add of a scaled one": () => int64(1n).add(2n ** 64n, { alpha: 2n }),
    addcmul: () => fl.addcmul(int64(1n), 2n ** 64n, int64(1n)),
    mul: () => int64(1n).mul(-(2n ** 63n) - 1n),
    lt: () => int64(1n).lt(2n ** 64n),
    pow: () => int64(2n).pow(2n ** 64n),
    clamp: () => int64(1n).clamp(0, 2n ** 64n),
    "clamp of int32": () => int32(1).clamp(0, 2 ** 40),
    clampMin: () => int32(1).clampMin(-(2 ** 40)),
    clampMax_: () => int32(1).clampMax_(2 ** 40),
    full: () => fl.full([1], 2n ** 64n),
    fill_: () => int64(1n).fill_(2n ** 64n),
    maskedFill: () => int64(1n).maskedFill(fl.tensor([true]), 2n ** 64n),
    where: () => fl.where(fl.tensor([true]), int64(1n), 2n ** 64n),
    "bounds of hardtanh": () => F.hardtanh(int32(1), { minVal: 0, maxVal: 2 ** 40 }),
  };
  for (const [name, run] of Object.entries(scalars))
    test(`${name}: a scalar that no int64 (or int32) holds is refused`, () =>
      refuses(ValueError, /no value of int(64|32)/, run));
  test("products of scalars are exact, and wrap as those of int64", () => {
    assert.deepEqual(value(int64(1n).add(p + 1n, { alpha: 3n })), [3n * p + 4n]);
    assert.deepEqual(value(int64(1n).add(3n, { alpha: 2n ** 62n + 1n })), [-4611686018427387900n]);
    assert.deepEqual(value(int64(1n).sub(p + 1n, { alpha: -1n })), [p + 2n]);
    assert.deepEqual(value(fl.addcmul(int64(1n), p + 1n, int64(1n), { value: 3n })), [3n * p + 4n]);
  });
});

/** Gradients of the sum of what `f` makes of leaves on a device. */
async function gradients(
  device: string,
  f: (...x: fl.Tensor[]) => fl.Tensor,
  ...data: fl.NestedArray[]
): Promise<string> {
  const leaves = data.map((x) => fl.tensor(x, { device, requiresGrad: true }));
  f(...leaves)
    .sum()
    .backward();
  const read = await Promise.all(leaves.map(async (x) => String(await (x.grad as fl.Tensor).cpu())));
  // A zero of either sign.
  return read.join(", ").replace(/-(0\.0*)(?!\d)/g, "$1");
}

const places: Readonly<
  Record<string, [text: string, f: (...x: fl.Tensor[]) => fl.Tensor, ...fl.NestedArray[]]>
> = {
  "norm 0.5 of zeros": ["tensor([0., 0., 0.])", (x) => x.norm(0.5), [0, 0, 0]],
  "norm 0.5 with a zero": ["tensor([0., 1.])", (x) => x.norm(0.5), [0, 4]],
  "norm 0.3 with a zero": ["tensor([0., 1.])", (x) => x.norm(0.3), [0, 1]],
  "norm -1 with a zero": ["tensor([0., 0.])", (x) => x.norm(-1), [0, 4]],
  "norm -1 of zeros": ["tensor([0., 0.])", (x) => x.norm(-1), [0, 0]],
  "norm -1": ["tensor([0.4444, 0.1111])", (x) => x.norm(-1), [2, 4]],
  "norm 0.5 of rows": [
    "tensor([[0., 1.],\n        [0., 0.]])",
    (x) => x.norm(0.5, 1),
    [
      [0, 4],
      [0, 0],
    ],
  ],
  // PyTorch has no gradient at all here.
  "norm 0": ["tensor([0., 0.])", (x) => x.norm(0), [0, 4]],
  "normalize 0.5 of zeros": [
    "tensor([1.0000e+12, 1.0000e+12])",
    (x) => F.normalize(x, { p: 0.5, dim: 0 }),
    [0, 0],
  ],
  "normalize 0.5 with a zero": ["tensor([1., 0.])", (x) => F.normalize(x, { p: 0.5, dim: 0 }), [0, 1]],
  "normalize 0": ["tensor([1., 1.])", (x) => F.normalize(x, { p: 0, dim: 0 }), [0, 1]],
  "pairwiseDistance 0.5 of equal points": [
    "tensor([[0., 0.]]), tensor([[0., 0.]])",
    (x, y) => F.pairwiseDistance(x, y, { p: 0.5, eps: 0 }),
    [[0, 1]],
    [[0, 1]],
  ],
  "cdist 0.5 of equal points": [
    "tensor([[0., 0.]]), tensor([[0., 0.]])",
    (x, y) => fl.cdist(x, y, 0.5),
    [[0, 1]],
    [[0, 1]],
  ],
  "cdist 0.5 with a zero": [
    "tensor([[ 0.0000, -2.0000]]), tensor([[0.0000, 2.0000]])",
    (x, y) => fl.cdist(x, y, 0.5).mul(2),
    [[0, 1]],
    [[0, 3]],
  ],
  "cdist 2 of equal points": [
    "tensor([[0., 0.]]), tensor([[0., 0.]])",
    (x, y) => fl.cdist(x, y, 2),
    [[0, 1]],
    [[0, 1]],
  ],
};

describe("gradients of p-norms at zero (F3)", () => {
  for (const [name, [text, f, ...data]] of Object.entries(places)) {
    test(name, async () => assert.equal(await gradients("cpu", f, ...data), text));
    for (const device of devices)
      testOn(device, name, async () => assert.equal(await gradients(device.name, f, ...data), text));
  }
  test("cdist refuses a negative p, as in PyTorch", () => {
    for (const p of [-1, -Infinity, Number.NaN])
      refuses(ValueError, /cdist: p is not negative/, () => fl.cdist(fl.ones([1, 1]), fl.ones([1, 1]), p));
  });
});

describe("borders of gradients (F8, F9)", () => {
  test("the median's is shared by its ties", async () => {
    const median = (x: fl.Tensor): fl.Tensor => x.median();
    assert.equal(await gradients("cpu", median, [1, 1, 0]), "tensor([0.5000, 0.5000, 0.0000])");
    assert.equal(await gradients("cpu", median, [1, 1, 1, 0]), "tensor([0.3333, 0.3333, 0.3333, 0.0000])");
  });
  test("hardswish's at 3 is that of PyTorch's vectorized loop, at nan too", async () => {
    // The scalar loop over what is left has 1.5 at 3.
    const at = [3, -3, Number.NaN, Infinity, -Infinity];
    assert.equal(
      await gradients("cpu", (x) => F.hardswish(x), at),
      "tensor([ 1.0000, -0.5000,     nan,  1.0000,  0.0000])",
    );
  });
});

describe("diagonals that are none (F7)", () => {
  const square = fl.ones([2, 2]);
  const bad: Readonly<Record<string, unknown>> = {
    nan: Number.NaN,
    "a fraction": 0.5,
    "a string": "1",
    "a bigint": 1n,
    null: null,
  };
  for (const [name, diagonal] of Object.entries(bad)) {
    test(`tril, triu and their indices refuse ${name}`, () => {
      for (const run of [
        () => fl.tril(square, diagonal as number),
        () => square.triu(diagonal as number),
        () => fl.trilIndices(2, 2, diagonal as number),
        () => fl.triuIndices(2, 2, diagonal as number),
        () => square.diagonal(diagonal as number),
        () => fl.diag(fl.ones([2]), diagonal as number),
      ])
        refuses([ValueError, ArgumentError], /is an integer; got|is a number; got/, run);
    });
  }
});

describe("reading .npy files", () => {
  test("what is no Uint8Array is named", async () => {
    const bytes = await fl.toNpy(fl.tensor([1, 2]));
    const read = fl.fromNpy as (bytes: unknown) => fl.Tensor;
    refuses(ValueError, /got an ArrayBuffer \(new Uint8Array\(buffer\) has its bytes\)/, () =>
      read(bytes.buffer),
    );
    for (const [given, name] of [
      ["x.npy", '"x.npy"'],
      [new Float32Array(2), "a Float32Array"],
      [[1], "\\[1\\]"],
    ] as const)
      refuses(ValueError, new RegExp(`as a Uint8Array; got ${name}$`), () => read(given));
  });
  test("float16 is read as the dtype given", () => {
    const descr = "{'descr': '<f2', 'fortran_order': False, 'shape': (2,), }";
    const text = `${descr.padEnd(117)}\n`;
    const bytes = Uint8Array.of(
      ...[0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, text.length, 0],
      ...new TextEncoder().encode(text),
      ...[0x00, 0x3e, 0x00, 0xc0],
    );
    assert.equal(String(fl.fromNpy(bytes)), "tensor([ 1.5000, -2.0000], dtype=float16)");
    assert.equal(String(fl.fromNpy(bytes, { dtype: "float32" })), "tensor([ 1.5000, -2.0000])");
    assert.equal(String(fl.fromNpy(bytes, { dtype: "int64" })), "tensor([ 1, -2])");
  });
  test("a dtype converts, and a leaf stays one", async () => {
    const bytes = await fl.toNpy(fl.tensor([[1, 0]]));
    assert.equal(String(fl.fromNpy(bytes, { dtype: "bool" })), "tensor([[ True, False]])");
    const x = fl.fromNpy(bytes, { requiresGrad: true });
    x.sum().backward();
    assert.deepEqual([x.isLeaf, x.shape, String(x.grad)], [true, [1, 2], "tensor([[1., 1.]])"]);
  });
});

describe("more dimensions than 64 (M6)", () => {
  const message = /at most 64 dimensions/;
  test("arrays that hold themselves end in an error", () => {
    const itself: unknown[] = [];
    itself.push(itself);
    const pair: unknown[] = [];
    pair.push(pair, pair);
    for (const data of [itself, pair, [itself]])
      refuses(ShapeError, message, () => fl.tensor(data as fl.NestedArray));
    const second: unknown[] = [1];
    second.push(second);
    refuses(ShapeError, /ragged/, () => fl.tensor(second as fl.NestedArray));
  });
  test("deep arrays, shapes and views", () => {
    const nested = (depth: number): fl.NestedArray => (depth === 0 ? 1 : [nested(depth - 1)]);
    const ones = (count: number): number[] => new Array<number>(count).fill(1);
    const full = fl.tensor(nested(64));
    assert.equal(full.ndim, 64);
    assert.equal(fl.zeros(ones(64)).ndim, 64);
    for (const run of [
      () => fl.tensor(nested(65)),
      () => fl.tensor(nested(5000)),
      () => fl.zeros(ones(65)),
      () => full.unsqueeze(0),
      () => full.at(null),
      () => full.expand(ones(65)),
      () => full.reshape(ones(65)),
      () => full.reshape([...ones(64), -1]),
      () => fl.stack([full, full]),
    ])
      refuses(ShapeError, message, run);
  });
});

test("lists of sizes that are no shapes may be longer", () => {
  const hundred = new Array<number>(100).fill(1);
  assert.equal(fl.ones([100]).split(hundred).length, 100);
  const counts = fl.tensor(hundred, { dtype: "int64" });
  assert.deepEqual(fl.ones([100]).repeatInterleave(counts, 0).shape, [100]);
});

describe("generators that are none", () => {
  const generator = {} as fl.Generator;
  const x = fl.zeros([2]);
  const draws: Readonly<Record<string, () => unknown>> = {
    rand: () => fl.rand([2], { generator }),
    randn: () => fl.randn([2], { generator }),
    randint: () => fl.randint(3, [2], { generator }),
    randperm: () => fl.randperm(3, { generator }),
    bernoulli: () => fl.bernoulli(fl.full([2], 0.5), { generator }),
    multinomial: () => fl.multinomial(fl.ones([2]), 1, { generator }),
    normal: () => fl.normal(0, 1, [2], { generator }),
    uniform_: () => x.uniform_(0, 1, { generator }),
    normal_: () => x.normal_(0, 1, { generator }),
    "DataLoader, where it is made": () => new fl.data.DataLoader([1], { generator }),
    "RandomSampler, where it is made": () => new fl.data.RandomSampler([1], { generator }),
    randomSplit: () => fl.data.randomSplit([1, 2], [1, 1], { generator }),
  };
  for (const [name, run] of Object.entries(draws))
    test(name, () => refuses([ValueError, ArgumentError], /generator.* new Generator\(\).*; got \{\}/, run));
});

describe("what messages show of hostile input", () => {
  const long = "x".repeat(200_000);
  const x = fl.ones([2]);
  const calls: Readonly<Record<string, () => unknown>> = {
    "an index": () => x.at(long),
    "an equation": () => fl.einsum(long, x),
    "a term of one": () => fl.einsum(`1${long}`, x),
    "a dtype": () => fl.zeros([1], { dtype: long as "float32" }),
    "a device": () => fl.zeros([1], { device: long }),
    "a place to move to": () => x.to(long as "float32"),
    "a mode": () => F.pad(x, [1, 1], { mode: long as "reflect" }),
    "a reduction": () => F.mseLoss(x, x, { reduction: long as "mean" }),
    "an interpolation": () => fl.quantile(x, 0.5, 0, { interpolation: long as "linear" }),
    "a shape": () => fl.zeros(long as unknown as number[]),
    "a size": () => fl.zeros([long as unknown as number]),
    "many sizes": () => x.split(new Array<number>(100_000).fill(1)),
    "a dimension": () => x.sum(long as unknown as number),
    "an integer": () => fl.tensor([1n]).add(10n ** 100_000n),
    "a path": () => new fl.nn.Linear(1, 1).getParameter(long),
    "a key": () => new fl.nn.Linear(1, 1).loadStateDict({ [long]: x } as never),
    lengths: () => fl.data.randomSplit([1], new Array<number>(100_000).fill(0.5)),
  };
  for (const [name, run] of Object.entries(calls)) {
    test(`${name} is cut`, () =>
      assert.throws(run, (error) => error instanceof fl.FlambeauError && error.message.length < 600));
  }
  const thrower = (): never => {
    throw new RangeError("theirs");
  };
  const throwing: Readonly<Record<string, unknown>> = {
    "a proxy that throws": new Proxy(
      {},
      { get: thrower, getPrototypeOf: thrower, ownKeys: thrower, has: thrower },
    ),
    "an object without a prototype": Object.assign(Object.create(null), { nothingLikeIt: 1 }),
    "an object that has no text": new (class {
      toString = thrower;
      valueOf = thrower;
    })(),
    // biome-ignore lint/complexity/noStaticOnlyClass: its name is what is tried
    "a class whose name throws": new (class {
      static get name(): string {
        return thrower();
      }
    })(),
    "a symbol": Symbol("x"),
    null: null,
  };
  const takers: Readonly<Record<string, (given: never) => unknown>> = {
    add: (given) => x.add(given),
    sum: (given) => x.sum("a" as never, given),
    zeros: (given) => fl.zeros([given]),
    Linear: (given) => new fl.nn.Linear(given, 1),
    Adam: (given) => new fl.optim.Adam(given),
    einsum: (given) => fl.einsum(given, x),
    at: (given) => fl.at(given, 0),
    resultType: (given) => fl.resultType(given),
    fromNumpy: (given) => fl.fromNumpy(given),
    tensordot: (given) => fl.tensordot(x, x, [given, given] as never),
    Parameter: (given) => new fl.nn.Parameter(given),
  };
  for (const [kind, given] of Object.entries(throwing)) {
    test(`${kind} is refused, and throws nothing of its own`, () => {
      for (const [name, run] of Object.entries(takers))
        assert.throws(
          () => run(given as never),
          (error) => error instanceof fl.FlambeauError && error.message.length < 600,
          name,
        );
    });
  }

  test("a string is told from the number it looks like", () => {
    const two = "2" as unknown as number;
    const quoted: Readonly<Record<string, () => unknown>> = {
      setNumThreads: () => fl.setNumThreads(two),
      batchSize: () => new fl.data.DataLoader([1], { batchSize: two }),
      "a size": () => fl.zeros([two]),
      "a dimension": () => x.sum(two),
      "an element's number": () => fl.kthvalue(x, two),
      "a probability": () => F.dropout(x, two),
      "a learning rate": () => new fl.optim.SGD([fl.ones([1], { requiresGrad: true })], { lr: two }),
    };
    for (const [name, run] of Object.entries(quoted))
      assert.throws(run, (error) => error instanceof fl.FlambeauError && error.message.includes('"2"'), name);
  });
});
