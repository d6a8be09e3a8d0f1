/**
 * Arguments for every callable, one for each of its parameters where that is possible: those of a record of PyTorch's
 * (tests/fixtures/ops.json), and for parameters that no record gives the values below.
 */
import { arange, bindAll, Generator, ones, type Tensor, tensor, toNpy, zeros } from "@flambeau/tensor";
import { opCases, pool } from "../records/ops.ts";
import { Arguments, special } from "../records/record.ts";
import type { Called, Schema } from "./callables.ts";

/** What makes the arguments of a call, afresh for each: an undefined one is left out. */
export type MakeArguments = () => unknown[];

const way = { float: "float64", layout: "contiguous" } as const;
/** Written as in tests/fixtures/ops.json: `{ t: 44 }` is tensor 44 there. */
type Written = readonly unknown[];

/** A tensor of different elements. */
const some = (...shape: number[]): Tensor => arange(shape.reduce((a, b) => a * b, 1)).reshape(shape);
const indices = (...list: bigint[]): Tensor => tensor(list);
const distance = (x: Tensor, y: Tensor): Tensor => x.sub(y).abs().sum(1);
const pooled = indices(1n, 3n);

/** Arguments of callables that PyTorch has no record of. Add here what the test misses. */
const more: Readonly<Record<string, readonly Written[]>> = {
  asStrided: [[{ t: 44 }, [2], [1], 1]],
  cdist: [[some(2, 2), ones([1, 2]), 1, "donotUseMmForEuclidDist"]],
  cov: [
    [
      tensor([
        [1, 2, 4],
        [3, 1, 0],
      ]),
      { correction: 0, fweights: tensor([1n, 2n, 1n]), aweights: tensor([0.5, 1, 2]) },
    ],
  ],
  diff: [
    [
      tensor([
        [1, 4],
        [3, 9],
      ]),
      1,
      0,
      tensor([[7, 0]]),
      tensor([[2, 5]]),
    ],
  ],
  empty: [[[2, 3]]],
  emptyLike: [[{ t: 44 }]],
  fromNpy: [
    [
      await toNpy(
        tensor([
          [1, 2],
          [3, 4],
        ]),
      ),
    ],
  ],
  fromNumpy: [[Float32Array.of(1, 2, 3, 4), [2, 2]]],
  "F.avgPool3d": [[some(1, 4, 4, 4), 2, 2, 0, false, true, 3]],
  "F.conv1d": [[some(1, 2, 5), some(4, 1, 2), some(4), 2, 1, 2, 2]],
  "F.conv2d": [[some(1, 2, 5, 5), some(4, 1, 2, 2), some(4), 2, 1, 1, 2]],
  "F.convTranspose1d": [[some(1, 2, 5), some(2, 3, 2), some(3), 2, 1, 1, 1]],
  "F.convTranspose2d": [[some(1, 2, 3, 3), some(2, 3, 2, 2), some(3), 2, 1, 1, 1]],
  "F.embedding": [[indices(0n, 2n), some(3, 2), 0, 100, 1, false]],
  "F.embeddingBag": [
    [
      ...[indices(0n, 2n, 1n), some(3, 2), indices(0n, 2n, 3n), 100, 1, false, "sum", false],
      ...[tensor([1, 2, 3]), true, 0],
    ],
  ],
  "F.fractionalMaxPool2d": [[some(1, 1, 5, 5), 2, 3, null, true, { randomSamples: tensor([[[0.25, 0.5]]]) }]],
  "F.fractionalMaxPool3d": [
    [some(1, 1, 5, 5, 5), 2, 3, null, true, { randomSamples: tensor([[[0.25, 0.5, 0.75]]]) }],
  ],
  "F.instanceNorm": [[some(2, 2, 3), some(2), ones([2]), ones([2]), some(2), true, 0.5, 0.1]],
  "F.interpolate": [[some(1, 1, 4, 4), null, 1.6, "bilinear", false, true, false]],
  "F.lpPool1d": [[some(1, 1, 6), 2, 3, 2, true]],
  "F.maxUnpool1d": [[some(1, 1, 2), pooled.reshape([1, 1, 2]), 2, 2, 0, [5]]],
  "F.maxUnpool3d": [
    [some(1, 1, 1, 1, 2), pooled.reshape([1, 1, 1, 1, 2]), [1, 1, 2], [1, 1, 2], 0, [1, 1, 5]],
  ],
  "F.multiHeadAttentionForward": [
    [
      ...[
        some(2, 1, 4),
        some(2, 1, 4),
        some(2, 1, 4),
        4,
        2,
        some(12, 4),
        some(12),
        some(1, 1, 4),
        some(1, 1, 4),
        true,
        0,
      ],
      ...[some(4, 4), some(4), false, zeros([1, 2]), true, zeros([2, 2]), false],
      ...[some(4, 4), some(4, 4), some(4, 4), undefined, undefined, false, false],
    ],
  ],
  "F.nllLoss": [[some(2, 3), indices(0n, 2n), tensor([1, 2, 3]), 1, "sum"]],
  "F.scaledDotProductAttention": [
    [some(1, 2, 2), some(1, 2, 2), some(1, 2, 2), some(2, 2), 0, false, { scale: 0.5 }],
  ],
  "F.tripletMarginWithDistanceLoss": [
    [
      some(2, 2),
      ones([2, 2]),
      some(2, 2).add(3),
      { distanceFunction: distance, margin: 2, swap: true, reduction: "sum" },
    ],
  ],
  "F.upsample": [[some(1, 1, 4, 4), null, 2, "bilinear", true]],
  "F.upsampleBilinear": [[some(1, 1, 4, 4), 3]],
  "F.upsampleNearest": [[some(1, 1, 4, 4), null, 2]],
  meshgrid: [[some(2), some(3), some(1), some(2), { indexing: "xy" }]],
  newEmpty: [[{ t: 44 }, [2, 3]]],
  randintLike: [[{ t: 274 }, 2, 9]],
  searchsorted: [
    [
      ...[tensor([3, 1, 5]), tensor([0, 4])],
      { outInt32: true, right: true, side: "right", sorter: indices(1n, 0n, 2n) },
    ],
  ],
  std: [
    [{ t: 44 }, false],
    [{ t: 44 }, 0, { correction: 0, keepdim: true }],
  ],
  stdMean: [
    [{ t: 44 }, false],
    [{ t: 44 }, 0, { correction: 0, keepdim: true }],
  ],
  to: [
    [{ t: 44 }, "cpu", "float32"],
    [{ t: 44 }, { dtype: "float32", device: "cpu" }],
  ],
  var: [
    [{ t: 44 }, false],
    [{ t: 44 }, 0, { correction: 0, keepdim: true }],
  ],
  varMean: [
    [{ t: 44 }, false],
    [{ t: 44 }, 0, { correction: 0, keepdim: true }],
  ],
};

/** Parameters that do not go together with another one that is given. */
const instead: Readonly<Record<string, readonly string[]>> = {
  "F.fractionalMaxPool2d": ["outputRatio"],
  "F.fractionalMaxPool3d": ["outputRatio"],
  "F.multiHeadAttentionForward": ["staticK", "staticV"],
  "F.interpolate": ["size"],
  "F.upsample": ["size"],
  "F.upsampleBilinear": ["scaleFactor"],
  "F.upsampleNearest": ["size"],
};

/** Values by the name of the parameter, of which the first that fits is given: other than the default, if one is. */
const values: Readonly<Record<string, readonly unknown[]>> = {
  device: ["cpu"],
  dim: [0, [0, 1]],
  dtype: ["float64", "int64"],
  eps: [0.1],
  generator: [{ seed: 7 }],
  rcond: [0.01],
  reduce: ["multiply"],
  storageOffset: [1],
};

/** A case of a form, or the parameters that it lacks. */
export function caseOf(
  c: Called,
): { readonly make: MakeArguments; readonly lacking: readonly string[] } | undefined {
  let best: Written | undefined;
  for (const written of writtenFor(c)) {
    const given = (list: Written | undefined): number => list?.filter((x) => x !== undefined).length ?? -1;
    if (given(written) > given(best) && works(c, written)) best = written;
  }
  if (best === undefined) return undefined;
  const list = [...best];
  const lacking: string[] = [];
  c.schema.params.forEach(({ name, initial }, i) => {
    if (list[i] !== undefined) return;
    const value = [...(values[name] ?? []), ...(typeof initial === "boolean" ? [!initial] : [])].find((x) =>
      works(c, list.with(i, x)),
    );
    list[i] = value ?? initial;
    if (list[i] === undefined && !instead[c.name]?.includes(name)) lacking.push(name);
  });
  return { make: () => list.map(read), lacking };
}

function* writtenFor(c: Called): Iterable<Written> {
  const { params } = c.schema;
  const bare: Schema = { ...c.schema, params: params.map((param) => ({ ...param, initial: undefined })) };
  const all = [
    ...c.ops.flatMap((op) => more[op] ?? []),
    ...opCases.filter(({ op, raises }) => c.ops.includes(op) && raises === undefined).map(({ args }) => args),
  ];
  for (const args of all) {
    try {
      // The marks of tensors take their place, in the order of the parameters.
      const marks = new Map<unknown, unknown>();
      const mark = (x: unknown): unknown => {
        const made = read(x);
        marks.set(made, x);
        return made;
      };
      yield bindAll(bare, args.map(mark)).map((x) => marks.get(x) ?? x);
    } catch {
      // Of another form.
    }
  }
}

function works(c: Called, written: Written): boolean {
  try {
    c.call(byPosition(c.schema, written.map(read)));
    return true;
  } catch {
    return false;
  }
}

/** A written argument; a leaf is a plain tensor here, so that it can be written to. */
function read(x: unknown): unknown {
  if (Array.isArray(x)) return x.map(read);
  if (typeof x !== "object" || x === null) return special(x);
  if (x.constructor !== Object) return x;
  if ("seed" in x) return new Generator().manualSeed(x.seed as number);
  if ("t" in x || "x" in x) return new Arguments(pool, way).read({ t: "t" in x ? x.t : x.x });
  return Object.fromEntries(Object.entries(x).map(([key, value]) => [key, read(value)]));
}

/** All arguments by position that can be, the others in an object. */
export function byPosition(
  schema: Schema,
  args: readonly unknown[],
  count: number = schema.positional,
): unknown[] {
  const named = schema.params.flatMap(({ name }, i) =>
    i >= count && args[i] !== undefined ? [[name, args[i]]] : [],
  );
  return [...args.slice(0, count), ...(named.length > 0 ? [Object.fromEntries(named)] : [])];
}
