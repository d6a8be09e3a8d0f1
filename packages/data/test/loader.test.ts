import assert from "node:assert/strict";
import { describe, test } from "node:test";
import "@flambeau/autograd";
import { ArgumentError, DTypeError, IndexError, ShapeError, ValueError } from "@flambeau/backend";
import { arange, manualSeed, randn, stack, type Tensor, tensor, zeros } from "@flambeau/tensor";
import fc from "fast-check";
import {
  BatchSampler,
  ConcatDataset,
  DataLoader,
  Dataset,
  defaultCollate,
  IterableDataset,
  RandomSampler,
  randomSplit,
  SequentialSampler,
  Subset,
  SubsetRandomSampler,
  TensorDataset,
  WeightedRandomSampler,
} from "../src/index.ts";

function values(x: Tensor): number[] {
  return Array.from(x.dataSync() as Float32Array);
}

describe("TensorDataset", () => {
  test("has rows as items", () => {
    const dataset = new TensorDataset(
      tensor([
        [1, 2],
        [3, 4],
      ]),
      tensor([5n, 6n]),
    );
    assert.equal(dataset.length, 2);
    const [x, y] = dataset.get(-1);
    assert.deepEqual(values(x), [3, 4]);
    assert.deepEqual([y.shape, y.itemSync()], [[], 6]);
    assert.throws(() => dataset.get(2), IndexError);
  });

  test("refuses tensors that do not go together", () => {
    assert.throws(() => new TensorDataset(zeros([3]), zeros([2, 3])), /shapes \[3\], \[2, 3\]/);
    assert.throws(() => new TensorDataset(tensor(1)), ShapeError);
    assert.throws(() => new TensorDataset(), ValueError);
    assert.throws(() => new TensorDataset([1, 2] as never), ValueError);
  });

  test("getBatch is what collating its items gives, for any layout, dtype and indices", () => {
    const dtypes = ["float32", "float64", "int64", "int32", "uint8", "bool"] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...dtypes),
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 2 }),
        fc.boolean(),
        fc.boolean(),
        fc.array(fc.integer({ min: -9, max: 8 }), { minLength: 1, maxLength: 12 }),
        fc.boolean(),
        (dtype, n, rest, transposed, tracked, picks, sequential) => {
          let x = randn([n, ...rest])
            .mul(3)
            .to(dtype);
          if (transposed && rest.length > 0) x = x.transpose(0, 1).clone().transpose(0, 1);
          if (tracked && dtype.startsWith("float")) x.requiresGrad_();
          const start = Math.abs(picks[0]) % n;
          const indices = sequential
            ? Array.from({ length: n - start }, (_, i) => start + i)
            : picks.map((i) => (i < 0 ? -((-i - 1) % n) - 1 : i % n));
          const dataset = new TensorDataset(x, x.detach());
          const [fast, plain] = dataset.getBatch(indices);
          const slow = stack(indices.map((i) => dataset.get(i)[0]));
          assert.deepEqual(
            [fast.shape, fast.dtype, fast.requiresGrad],
            [slow.shape, slow.dtype, slow.requiresGrad],
          );
          assert.deepEqual(values(fast), values(slow));
          assert.deepEqual(values(plain), values(slow));
          assert.notEqual(fast.storage, x.storage);
          assert.notEqual(plain.storage, x.storage);
        },
      ),
    );
  });

  test("a batch's gradient reaches the data", () => {
    const x = tensor([1, 2, 3, 4], { requiresGrad: true });
    for (const [batch] of new DataLoader(new TensorDataset(x), { sampler: [3, 1, 1], batchSize: 3 })) {
      batch
        .mul(tensor([1, 10, 100]))
        .sum()
        .backward();
    }
    assert.deepEqual(values(x.grad as Tensor), [0, 110, 0, 1]);
  });

  test("a batch is fresh memory", () => {
    const x = arange(6);
    for (const shuffle of [false, true]) {
      for (const [batch] of new DataLoader(new TensorDataset(x), { batchSize: 3, shuffle })) batch.zero_();
    }
    assert.deepEqual(values(x), [0, 1, 2, 3, 4, 5]);
  });
});

describe("DataLoader", () => {
  test("takes samplers and batch samplers of one's own", () => {
    const items = [10n, 11n, 12n, 13n];
    const read = (loader: Iterable<Tensor>): bigint[][] =>
      Array.from(loader, (b) => Array.from(b.dataSync() as BigInt64Array));
    const bySampler = new DataLoader(items, { sampler: new Set([3, 0, 2]), batchSize: 2 });
    assert.deepEqual(read(bySampler), [[13n, 10n], [12n]]);
    assert.throws(() => bySampler.length, ValueError);
    const byBatch = new DataLoader(items, { batchSampler: [[1], [0, 3, 3]] });
    assert.deepEqual(read(byBatch), [[11n], [10n, 13n, 13n]]);
    assert.equal(byBatch.length, 2);
    const backwards = new (class extends SequentialSampler {
      override *[Symbol.iterator](): Generator<number> {
        for (let i = this.length - 1; i >= 0; i--) yield i;
      }
    })(items);
    assert.deepEqual(read(new DataLoader(items, { sampler: backwards, batchSize: 4 })), [
      [13n, 12n, 11n, 10n],
    ]);
  });

  test("counts its batches", () => {
    const items = Array.from({ length: 10 }, (_, i) => i);
    assert.equal(new DataLoader(items, { batchSize: 3 }).length, 4);
    assert.equal(new DataLoader(items, { batchSize: 3, dropLast: true }).length, 3);
    assert.equal(new DataLoader([] as number[], { batchSize: 3 }).length, 0);
    assert.deepEqual([...new DataLoader([] as number[])], []);
  });

  test("refuses options that exclude each other, and what is no data", () => {
    const items = [1, 2, 3];
    assert.throws(() => new DataLoader(items, { batchSize: 0 }), /batchSize is an integer from 1; got 0/);
    assert.throws(() => new DataLoader(items, { batchSize: 1.5 }), ValueError);
    assert.throws(() => new DataLoader(items, { shuffle: true, sampler: [0] }), ValueError);
    assert.throws(() => new DataLoader(items, { batchSampler: [[0]], batchSize: 2 }), ValueError);
    assert.throws(() => new DataLoader(items, { batchSampler: [[0]], dropLast: true }), ValueError);
    assert.throws(() => new DataLoader([], { shuffle: true }), ValueError);
    assert.throws(() => new DataLoader(zeros([3]) as never), /DataLoader: dataset is a Dataset/);
    assert.throws(() => new DataLoader(undefined as never), ArgumentError);
    assert.throws(() => new DataLoader(new Letters(), { shuffle: true }), /has its own order/);
    assert.throws(() => [...new DataLoader(items, { sampler: [5] })], IndexError);
    assert.throws(() => [...new DataLoader(new TensorDataset(zeros([3])), { sampler: [3] })], IndexError);
  });

  test("waits for items that are promises", async () => {
    class Slow extends Dataset<Promise<{ x: number }>> {
      override readonly length = 5;
      override async get(index: number): Promise<{ x: number }> {
        await Promise.resolve();
        if (index > 4) throw new IndexError("no such item");
        return { x: index * index };
      }
    }
    const loader = new DataLoader(new Slow(), { batchSize: 2 });
    const seen: number[][] = [];
    for await (const { x } of loader) seen.push(values(x));
    assert.deepEqual(seen, [[0, 1], [4, 9], [16]]);
    assert.throws(() => [...loader], /iterate the DataLoader with for await/);
    const sums = new DataLoader(new Slow(), {
      batchSize: 5,
      collateFn: (items) => items.reduce((sum, { x }) => sum + x, 0),
    });
    for await (const sum of sums) assert.equal(sum, 30);
  });

  test("without batches gives items as they are", async () => {
    const items = [{ x: 1 }, { x: 2 }];
    const loader = new DataLoader(items, { batchSize: null });
    assert.deepEqual([[...loader], loader.length, loader.batchSize], [items, 2, null]);
    const doubled = new DataLoader(items, { batchSize: null, collateFn: ({ x }) => 2 * x });
    assert.deepEqual([...doubled], [2, 4]);
    const later = new DataLoader([Promise.resolve(3), Promise.resolve(4)], { batchSize: null });
    assert.throws(() => [...later], /iterate the DataLoader with for await/);
    const seen: number[] = [];
    for await (const item of later) seen.push(item);
    for await (const letter of new DataLoader(new Letters(), { batchSize: null })) seen.push(letter.length);
    assert.deepEqual(seen, [3, 4, 1, 1, 1]);
    assert.throws(() => new DataLoader(items, { batchSize: null, dropLast: true } as object), ValueError);
  });
});

class Letters extends IterableDataset<string> {
  readonly length = 3;
  override *[Symbol.iterator](): Generator<string> {
    yield* "abc";
  }
}

describe("IterableDataset", () => {
  test("comes in batches", async () => {
    const loader = new DataLoader(new Letters(), { batchSize: 2 });
    assert.equal(loader.length, 2);
    assert.deepEqual([...loader], [["a", "b"], ["c"]]);
    const awaited: string[][] = [];
    for await (const batch of loader) awaited.push(batch);
    assert.deepEqual(awaited, [["a", "b"], ["c"]]);
  });

  test("that has to be waited for says so", async () => {
    class Later extends IterableDataset<number> {
      override async *[Symbol.asyncIterator](): AsyncGenerator<number> {
        yield 1;
        yield 2;
      }
    }
    const loader = new DataLoader(new Later(), { batchSize: 2 });
    assert.throws(() => [...loader], ValueError);
    assert.throws(() => loader.length, ValueError);
    for await (const batch of loader) assert.deepEqual(values(batch), [1, 2]);
  });

  test("is closed when its loader is left early", () => {
    let closed = false;
    class Endless extends IterableDataset<number> {
      override *[Symbol.iterator](): Generator<number> {
        try {
          for (let i = 0; ; i++) yield i;
        } finally {
          closed = true;
        }
      }
    }
    for (const _ of new DataLoader(new Endless(), { batchSize: 2 })) break;
    assert.equal(closed, true);
  });
});

describe("Subset, ConcatDataset and randomSplit", () => {
  test("map indices", () => {
    const both = new ConcatDataset([[1, 2], [] as number[], new Subset([3, 4, 5], [2, 0])]);
    assert.equal(both.length, 4);
    assert.deepEqual(
      [0, 1, 2, 3, -1].map((i) => both.get(i)),
      [1, 2, 5, 3, 3],
    );
    assert.throws(() => both.get(4), IndexError);
    assert.throws(() => new ConcatDataset([]), ValueError);
    assert.throws(() => new Subset([1], [0]).get(1), IndexError);
    assert.deepEqual(values([...new DataLoader(both, { batchSize: 4 })][0]), [1, 2, 5, 3]);
  });

  test("split refuses what does not add up", () => {
    manualSeed(1);
    for (const lengths of [[1, 1], [4], [0.5, 0.6], [1.5, 1.5], [-1, 4], []]) {
      assert.throws(() => randomSplit([1, 2, 3], lengths), ValueError, String(lengths));
    }
    assert.throws(() => randomSplit([1, 2, 3], [1.5, -0.5]), /no fraction/);
  });
});

describe("samplers", () => {
  test("refuse counts and weights that are none", () => {
    assert.throws(() => new RandomSampler([]), ValueError);
    assert.throws(() => new RandomSampler([1], { numSamples: 0 }), ValueError);
    assert.throws(() => [...new RandomSampler([], { numSamples: 2 })], ValueError);
    assert.throws(() => new BatchSampler([1], 0, false), ValueError);
    assert.throws(() => new WeightedRandomSampler([1], 0), ValueError);
    assert.throws(() => new WeightedRandomSampler(zeros([2, 2]), 1), ShapeError);
    assert.throws(() => [...new WeightedRandomSampler([-1, 2], 1)], ValueError);
    assert.deepEqual([...new SubsetRandomSampler([])], []);
  });

  test("sequential and batches", () => {
    assert.deepEqual(
      [...new SequentialSampler({ length: 2500 })],
      Array.from({ length: 2500 }, (_, i) => i),
    );
    const batches = new BatchSampler(new SequentialSampler({ length: 5 }), 2, true);
    assert.deepEqual(
      [...batches],
      [
        [0, 1],
        [2, 3],
      ],
    );
    assert.equal(batches.length, 2);
  });
});

describe("defaultCollate", () => {
  test("goes by the kind of the items", () => {
    assert.deepEqual(
      [defaultCollate([1, 2.5]).dtype, defaultCollate([1n]).dtype, defaultCollate([true]).dtype],
      ["float32", "int64", "bool"],
    );
    assert.deepEqual(defaultCollate(["a", "b"]), ["a", "b"]);
    assert.deepEqual(defaultCollate([new Float64Array([1, 2]), new Float64Array([3, 4])]).shape, [2, 2]);
    const { a, b } = defaultCollate([
      { a: [1, tensor([1, 2])] as [number, Tensor], b: { c: "x" } },
      { a: [3, tensor([3, 4])] as [number, Tensor], b: { c: "y" } },
    ]);
    assert.deepEqual(values(a[0]), [1, 3]);
    assert.deepEqual(values(a[1]), [1, 2, 3, 4]);
    assert.deepEqual(b, { c: ["x", "y"] });
  });

  test("refuses what does not go together", () => {
    assert.throws(() => defaultCollate([]), ValueError);
    assert.throws(() => defaultCollate([1, "a"]), /items of one kind; got a number and a string/);
    assert.throws(() => defaultCollate([[1], [1, 2]]), ShapeError);
    assert.throws(() => defaultCollate([zeros([1]), zeros([2])]), ShapeError);
    assert.throws(() => defaultCollate([{ a: 1 }, {}] as object[]), /has no a/);
    assert.throws(() => defaultCollate([null]), DTypeError);
    assert.throws(() => defaultCollate([() => 1]), DTypeError);
  });
});

test("the types of batches", () => {
  const pair = new DataLoader(new TensorDataset(zeros([2]), zeros([2])));
  for (const [x, y] of pair) {
    const both: [Tensor, Tensor] = [x, y];
    const [batch] = [...pair];
    // @ts-expect-error there is no third tensor
    const none = batch[2];
    assert.deepEqual([both.length, none], [2, undefined]);
  }
  const named = new DataLoader([{ x: 1, label: "a" }]);
  for (const { x, label } of named) {
    const typed: { x: Tensor; label: string[] } = { x, label };
    assert.deepEqual(typed.label, ["a"]);
  }
  const custom = new DataLoader([1, 2], { batchSize: 2, collateFn: (items) => items.length });
  for (const n of custom) assert.equal(n.toFixed(1), "2.0");
});
