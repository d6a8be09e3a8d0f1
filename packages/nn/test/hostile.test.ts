/**
 * Wrong input to layers: an error of this library's that names the layer and, where shapes are at fault, shows the one given and the one
 * that is needed, and a layer that is as it was.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FlambeauError, manualSeed, nn, ones, type Tensor, tensor, zeros } from "flambeau";

type Call = (layer: any) => unknown;
/** A call, and what its message has beside the layer's name. */
type Wrong = readonly [what: string, call: Call, ...shown: string[]];

const f = (...shape: number[]): Tensor => ones(shape);
const long = (...shape: number[]): Tensor => zeros(shape, { dtype: "int64" });
const bool = (...shape: number[]): Tensor => zeros(shape, { dtype: "bool" });
const ints = (...values: number[]): Tensor => tensor(BigInt64Array.from(values, BigInt));
const layers = nn as unknown as Readonly<Record<string, new (...args: unknown[]) => nn.Module>>;

/** What no layer takes for its input. */
const noTensors: readonly Wrong[] = [
  ["nothing", (m) => m(), ""],
  ["a number", (m) => m(3), "3"],
  ["null", (m) => m(null), "null"],
  ["an array", (m) => m([[1, 2, 3]]), ""],
];

interface Row {
  readonly name: string;
  readonly build: () => nn.Module;
  /** What a message calls the layer: its class, its function or a part of it. */
  readonly says: RegExp;
  readonly wrong: readonly Wrong[];
}

function row(
  name: string,
  args: readonly unknown[],
  wrong: readonly Wrong[],
  says = new RegExp(name, "i"),
): Row {
  return { name, build: () => new layers[name](...args), says, wrong };
}

const recurrent = ["RNN", "LSTM", "GRU"].map((name) => {
  const both = (x: Tensor): unknown => (name === "LSTM" ? [x, x] : x);
  const packed = nn.utils.rnn.packPaddedSequence(f(5, 2, 7), ints(5, 2));
  return row(
    name,
    [3, 4],
    [
      ["another size", (m) => m(f(5, 2, 7)), "[5, 2, 7]", "3"],
      ["too few dimensions", (m) => m(f(3)), "[3]"],
      ["no time steps", (m) => m(f(0, 2, 3)), "[0, 2, 3]"],
      ["integers", (m) => m(long(5, 2, 3)), "int64", "float32"],
      ["another dtype", (m) => m(f(5, 2, 3).double()), "float64", "float32"],
      ["another batch of states", (m) => m(f(5, 2, 3), both(f(1, 3, 4))), "[1, 3, 4]", "[1, 2, 4]"],
      ["another size of states", (m) => m(f(5, 2, 3), both(f(1, 2, 5))), "[1, 2, 5]", "[1, 2, 4]"],
      ["states of another dtype", (m) => m(f(5, 2, 3), both(f(1, 2, 4).double())), "float64"],
      ["states of another kind", (m) => m(f(5, 2, 3), name === "LSTM" ? f(1, 2, 4) : [f(1, 2, 4)]), ""],
      ["packed ones of another size", (m) => m(packed), "7", "3"],
      ...noTensors,
    ],
  );
});

const cells = ["RNNCell", "LSTMCell", "GRUCell"].map((name) => {
  const both = (x: Tensor): unknown => (name === "LSTMCell" ? [x, x] : x);
  return row(
    name,
    [3, 4],
    [
      ["another size", (m) => m(f(2, 7)), "[2, 7]", "3"],
      ["too many dimensions", (m) => m(f(2, 2, 3)), "[2, 2, 3]", "3"],
      ["integers", (m) => m(long(2, 3)), "int64", "float32"],
      ["another dtype", (m) => m(f(2, 3).double()), "float64", "float32"],
      ["another size of states", (m) => m(f(2, 3), both(f(2, 5))), "[2, 5]", "[2, 4]"],
      ["another batch of states", (m) => m(f(2, 3), both(f(3, 4))), "[3, 4]", "[2, 4]"],
      ["states of another dtype", (m) => m(f(2, 3), both(f(2, 4).double())), "float64", "float32"],
      ...noTensors,
    ],
  );
});

const q = f(5, 2, 4);
const attention = [
  row(
    "MultiheadAttention",
    [4, 2],
    [
      ["another size", (m) => m(f(5, 2, 7), f(5, 2, 7), f(5, 2, 7)), "[5, 2, 7]", "4"],
      ["another batch of keys", (m) => m(q, f(5, 3, 4), f(5, 3, 4)), "[5, 2, 4]", "[5, 3, 4]"],
      ["more keys than values", (m) => m(q, f(6, 2, 4), q), "[6, 2, 4]", "[5, 2, 4]"],
      ["integers", (m) => m(long(5, 2, 4), long(5, 2, 4), long(5, 2, 4)), "int64", "float32"],
      ["another dtype", (m) => m(q.double(), q.double(), q.double()), "float64", "float32"],
      ["a mask of another shape", (m) => m(q, q, q, { attnMask: f(4, 5) }), "[4, 5]", "[5, 5]"],
      ["a mask of integers", (m) => m(q, q, q, { attnMask: long(5, 5) }), "int64"],
      ["padding the other way round", (m) => m(q, q, q, { keyPaddingMask: bool(5, 2) }), "[5, 2]", "[2, 5]"],
      ["padding of integers", (m) => m(q, q, q, { keyPaddingMask: long(2, 5) }), "int64"],
      ["nothing", (m) => m(), "query"],
      ["numbers", (m) => m(1, 2, 3), "1"],
    ],
  ),
  row(
    "TransformerEncoderLayer",
    [4, 2, 8],
    [
      ["another size", (m) => m(f(5, 2, 7)), "[5, 2, 7]", "4"],
      ["integers", (m) => m(long(5, 2, 4)), "int64", "float32"],
      ["a mask of another shape", (m) => m(q, { srcMask: f(4, 5) }), "[4, 5]", "[5, 5]"],
      ["padding the other way round", (m) => m(q, { srcKeyPaddingMask: bool(5, 2) }), "[5, 2]", "[2, 5]"],
    ],
    /selfAttn: MultiheadAttention/,
  ),
  row(
    "TransformerDecoderLayer",
    [4, 2, 8],
    [
      ["another size of the memory", (m) => m(q, f(3, 2, 7)), "[3, 2, 7]", "4"],
      ["another batch of the memory", (m) => m(q, f(3, 3, 4)), "[3, 3, 4]", "[5, 2, 4]"],
      ["a mask of the memory", (m) => m(q, f(3, 2, 4), { memoryMask: f(4, 5) }), "[4, 5]", "[5, 3]"],
    ],
    /multiheadAttn: MultiheadAttention/,
  ),
];

const convolutions = [1, 2, 3].flatMap((n) => {
  const size = (length: number): number[] => new Array<number>(n).fill(length);
  const weight = (transposed: boolean): string =>
    `[${[...(transposed ? [2, 4] : [4, 2]), ...size(3)].join(", ")}]`;
  return [`Conv${n}d`, `ConvTranspose${n}d`].map((name) => {
    const isTransposed = name.includes("Transpose");
    const small: Wrong = [
      "too small an image",
      (m) => m(f(1, 2, ...size(2))),
      `[${size(3).join(", ")}]`,
      `[${size(2).join(", ")}]`,
    ];
    return row(
      name,
      [2, 4, 3],
      [
        ["other channels", (m) => m(f(1, 3, ...size(5))), weight(isTransposed), "[1, 3"],
        ["too few dimensions", (m) => m(f(2)), "[2]", "[batch, channels"],
        ["too many dimensions", (m) => m(f(1, 1, 2, ...size(5))), "[1, 1, 2", "[batch, channels"],
        ["integers", (m) => m(long(1, 2, ...size(5))), "int64"],
        ["another dtype", (m) => m(f(1, 2, ...size(5)).double()), "float64", "float32"],
        ...(isTransposed ? [] : [small]),
        ...noTensors,
      ],
    );
  });
});

const images: Readonly<Record<number, number[]>> = { 1: [2, 3, 4], 2: [2, 3, 4, 4], 3: [2, 3, 2, 2, 2] };
const norms = [1, 2, 3].flatMap((n) =>
  ["BatchNorm", "InstanceNorm"].map((kind) => {
    const [batch, channels, ...rest] = images[n];
    const options = { affine: true, trackRunningStats: true };
    return row(
      `${kind}${n}d`,
      [3, options],
      [
        ["other channels", (m) => m(f(batch, 5, ...rest)), "[2, 5, ", "3"],
        ["too few dimensions", (m) => m(f(3)), "[3]"],
        ["one value per channel", (m) => m(f(1, channels, ...rest.map(() => 1))), "[1, 3, 1"],
        ["integers", (m) => m(long(...images[n])), "int64"],
        ["another dtype", (m) => m(f(...images[n]).double()), "float64", "float32"],
        ...noTensors,
      ],
      new RegExp(kind, "i"),
    );
  }),
);

const others = [
  row(
    "LayerNorm",
    [[3, 4]],
    [
      ["another size", (m) => m(f(2, 3, 5)), "[2, 3, 5]", "[3, 4]"],
      ["too few dimensions", (m) => m(f(4)), "[4]", "[3, 4]"],
      ["integers", (m) => m(long(2, 3, 4)), "int64"],
      ["another dtype", (m) => m(f(2, 3, 4).double()), "float64", "float32"],
      ...noTensors,
    ],
  ),
  row(
    "RMSNorm",
    [[4]],
    [
      ["another size", (m) => m(f(2, 3, 5)), "[2, 3, 5]", "[4]"],
      ["integers", (m) => m(long(2, 4)), "int64"],
      ...noTensors,
    ],
  ),
  row(
    "GroupNorm",
    [2, 4],
    [
      ["other channels", (m) => m(f(2, 6, 5)), "[2, 6, 5]", "[4]"],
      ["too few dimensions", (m) => m(f(4)), "[4]"],
      ["integers", (m) => m(long(2, 4, 4)), "int64"],
      ["another dtype", (m) => m(f(2, 4, 2).double()), "float64", "float32"],
      ...noTensors,
    ],
  ),
  row(
    "LocalResponseNorm",
    [2],
    [
      ["too few dimensions", (m) => m(f(2, 4)), "[2, 4]"],
      ["truths", (m) => m(f(2, 4, 4).bool()), "bool"],
    ],
  ),
  row("CrossMapLRN2d", [2], [["too few dimensions", (m) => m(f(2, 4, 4)), "[2, 4, 4]"]]),
  row(
    "Embedding",
    [5, 3, { maxNorm: 0.5 }],
    [
      ["an index too large", (m) => m(ints(0, 5)), "5"],
      ["a negative index", (m) => m(ints(0, -1)), "-1"],
      ["floats", (m) => m(f(2)), "float32"],
      ...noTensors,
    ],
  ),
  row(
    "EmbeddingBag",
    [5, 3, { maxNorm: 0.5 }],
    [
      ["an index too large", (m) => m(ints(0, 5), ints(0)), "5"],
      ["floats", (m) => m(f(2), ints(0)), "float32"],
      ["no offsets", (m) => m(ints(0, 1)), "[2]"],
      ["offsets of rows", (m) => m(long(1, 2), ints(0)), "offsets"],
      ["a first bag behind the first index", (m) => m(ints(0, 1), ints(1)), "begin with 1"],
      ["a bag behind the last index", (m) => m(ints(0, 1), ints(0, 3)), "got 3"],
      ["bags in another order", (m) => m(ints(0, 1, 2), ints(0, 2, 1)), "got 1"],
      ["offsets of floats", (m) => m(ints(0, 1), f(1)), "float32"],
      ...noTensors,
    ],
    /embedding/i,
  ),
  row(
    "Linear",
    [3, 2],
    [
      ["another size", (m) => m(f(2, 5)), "[2, 5]", "[2, 3]"],
      ["integers", (m) => m(long(2, 3)), "int64", "float32"],
      ["another dtype", (m) => m(f(2, 3).double()), "float64", "float32"],
      ...noTensors,
    ],
  ),
];

const stateOf = (layer: nn.Module): unknown => [
  layer.training,
  Object.entries(layer.stateDict()).map(([key, x]) => [
    key,
    x.dtype,
    x.shape,
    x.storage.version,
    x.toArraySync(),
  ]),
];

for (const { name, build, says, wrong } of [
  ...recurrent,
  ...cells,
  ...attention,
  ...convolutions,
  ...norms,
  ...others,
])
  describe(`${name} refuses`, () => {
    for (const [what, call, ...shown] of wrong)
      test(what, () => {
        manualSeed(0);
        const layer = build();
        const before = stateOf(layer);
        assert.throws(
          () => call(layer),
          (error: Error) => {
            assert.ok(error instanceof FlambeauError, `${error.name}: ${error.message}`);
            assert.match(error.message, says);
            for (const part of shown) assert.ok(error.message.includes(part), `${part} in: ${error.message}`);
            return true;
          },
        );
        assert.deepEqual(stateOf(layer), before);
      });
  });

describe("states that are given", () => {
  test("are as they were after an error", () => {
    const [h, c] = [f(1, 2, 4), f(1, 2, 4)];
    const layer = new nn.LSTM(3, 4);
    assert.throws(() => layer(f(5, 2, 7), [h, c]), FlambeauError);
    assert.throws(() => layer(f(5, 2, 3), [h, f(1, 2, 5)]), FlambeauError);
    for (const x of [h, c]) assert.deepEqual([x.storage.version, x.equal(f(1, 2, 4))], [0, true]);
  });

  test("lengths of packed sequences are positive, as many as sequences, and no longer than they are", () => {
    const { packPaddedSequence } = nn.utils.rnn;
    for (const lengths of [ints(5, 0), ints(5), ints(6, 2), ints(5, -1), ints(2, 5)])
      assert.throws(() => packPaddedSequence(f(5, 2, 3), lengths), FlambeauError, String(lengths));
    assert.throws(() => packPaddedSequence(f(5, 2, 3), tensor([1.5, 1])), FlambeauError);
  });
});
