import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { arange, Generator, manualSeed, randint, type Tensor, tensor } from "@flambeau/tensor";
import fixture from "../../../tests/fixtures/data.json" with { type: "json" };
import {
  BatchSampler,
  DataLoader,
  IterableDataset,
  RandomSampler,
  randomSplit,
  type Sampler,
  SequentialSampler,
  Subset,
  SubsetRandomSampler,
  TensorDataset,
  WeightedRandomSampler,
} from "../src/index.ts";

type Result = number[][] | number[] | null;

function probe(generator?: Generator): number[] {
  return Array.from(randint(1 << 20, [2], { generator }).dataSync(), Number);
}

function numbers(batch: Tensor): number[] {
  return Array.from(batch.dataSync(), Number);
}

function generatorOf(seed: number | null): Generator | undefined {
  return seed === null ? undefined : new Generator().manualSeed(seed);
}

class Stream extends IterableDataset<bigint> {
  readonly n: number;

  constructor(n: number) {
    super();
    this.n = n;
  }

  override *[Symbol.iterator](): globalThis.Generator<bigint> {
    for (let i = 0; i < this.n; i++) yield BigInt(i);
  }
}

/** A loader of the numbers 0 to n - 1, made in one of several ways that must not differ. */
function loaderOf(way: string, n: number, options: object): DataLoader<any, any> {
  if (way === "stream") return new DataLoader(new Stream(n), options);
  if (way === "array") {
    return new DataLoader(
      Array.from({ length: n }, (_, i) => BigInt(i)),
      options,
    );
  }
  const rows = new TensorDataset(arange(BigInt(n)));
  const column = ([x]: [Tensor]): Tensor => x;
  if (way === "tensors") return new DataLoader(rows, options);
  if (way === "subset") {
    const all = Array.from({ length: n }, (_, i) => i);
    return new DataLoader(new Subset(new Subset(rows, all.toReversed()), all.toReversed()), options);
  }
  if ("batchSize" in options && options.batchSize === null)
    return new DataLoader(rows, { ...options, batchSize: null, collateFn: column });
  return new DataLoader(rows, {
    ...options,
    collateFn: (items: Tensor[][]) => tensor(items.map((x) => BigInt(column(x as [Tensor]).itemSync()))),
  });
}

describe("a DataLoader's order is PyTorch's", () => {
  fixture.scenarios.forEach(({ seed, n, options, generatorSeed, kind, length, events, results }) => {
    const ways =
      kind === "stream" ? ["stream"] : n > 1000 ? ["tensors"] : ["tensors", "subset", "array", "collate"];
    for (const way of ways) {
      test(`${way}, seed ${seed}: ${n} ${JSON.stringify(options)}${generatorSeed === null ? "" : ", own generator"}`, () => {
        manualSeed(seed);
        const generator = generatorOf(generatorSeed);
        const loader = loaderOf(way, n, { ...options, generator });
        const read = (batch: Tensor | [Tensor] | bigint): number[] => {
          if (typeof batch === "bigint") return [Number(batch)];
          return numbers(Array.isArray(batch) ? batch[0] : batch);
        };
        if (length !== null) assert.equal(loader.length, length);
        let iterator: Iterator<any> = [][Symbol.iterator]();
        const actions: Record<string, () => Result> = {
          pass: () => Array.from(loader, read),
          first: () => read(loader[Symbol.iterator]().next().value),
          open: () => {
            iterator = loader[Symbol.iterator]();
            return null;
          },
          next: () => read(iterator.next().value),
          rand: () => probe(),
          generator: () => probe(generator),
        };
        events.forEach((event, i) => {
          assert.deepEqual(actions[event](), (results as Result[])[i], `event ${i}, ${event}`);
        });
      });
    }
  });

  test("for await takes the same way", async () => {
    manualSeed(3);
    const loader = loaderOf("tensors", 10, { batchSize: 4, shuffle: true });
    const atOnce = Array.from(loader, ([x]) => numbers(x));
    const after = probe();
    manualSeed(3);
    const awaited: number[][] = [];
    for await (const [x] of loader) awaited.push(numbers(x));
    assert.deepEqual(awaited, atOnce);
    assert.deepEqual(probe(), after);
  });
});

describe("samplers are PyTorch's", () => {
  const make: Record<string, (options: any, generator?: Generator) => Sampler<number | number[]>> = {
    SequentialSampler: ({ n }) => new SequentialSampler({ length: n }),
    BatchSampler: ({ n, batchSize, dropLast }, generator) =>
      new BatchSampler(new RandomSampler({ length: n }, { generator }), batchSize, dropLast),
    RandomSampler: ({ n, ...options }, generator) =>
      new RandomSampler({ length: n }, { ...options, generator }),
    SubsetRandomSampler: ({ indices }, generator) => new SubsetRandomSampler(indices, { generator }),
    WeightedRandomSampler: ({ weights, numSamples, ...options }, generator) =>
      new WeightedRandomSampler(weights, numSamples, { ...options, generator }),
  };
  fixture.samplers.forEach(({ seed, generatorSeed, name, options, passes, length, after, afterOwn }) => {
    test(`${name} ${JSON.stringify(options)}, seed ${seed}${generatorSeed === null ? "" : ", own generator"}`, () => {
      manualSeed(seed);
      const generator = generatorOf(generatorSeed);
      const sampler = make[name](options, generator);
      assert.equal(sampler.length, length);
      assert.deepEqual([...sampler], passes[0]);
      assert.deepEqual([...sampler], passes[1]);
      assert.deepEqual(probe(), after);
      if (generator !== undefined) assert.deepEqual(probe(generator), afterOwn);
    });
  });
});

describe("randomSplit is PyTorch's", () => {
  fixture.splits.forEach(({ seed, generatorSeed, n, lengths, indices, after }) => {
    test(`${n} into ${lengths}, seed ${seed}${generatorSeed === null ? "" : ", own generator"}`, () => {
      manualSeed(seed);
      const parts = randomSplit(
        Array.from({ length: n }, (_, i) => i),
        lengths,
        { generator: generatorOf(generatorSeed) },
      );
      assert.deepEqual(
        parts.map((part) => part.indices),
        indices,
      );
      assert.deepEqual(probe(), after);
    });
  });
});
