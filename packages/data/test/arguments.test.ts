/** What data sets, samplers and loaders take: by position, by name, and what they refuse. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ArgumentError } from "@flambeau/backend";
import { Generator, manualSeed, tensor } from "@flambeau/tensor";
import { type ArgumentsRow, called, describeArguments, made } from "../../../tests/src/arguments.ts";
import * as data from "../src/index.ts";

const items = [10, 20, 30, 40, 50];
const generator = () => new Generator().manualSeed(7);

/** The indices of two passes. */
function passes(Kind: object): ArgumentsRow["run"] {
  return (...args) => {
    manualSeed(3);
    const sampler = made<Iterable<unknown>>(Kind)(...args);
    return [[...sampler], [...sampler]];
  };
}

const loader: ArgumentsRow["run"] = (...args) => {
  manualSeed(3);
  const loader = made<data.DataLoader<number, unknown>>(data.DataLoader)(...args);
  return [[...loader].map(String), loader.batchSize, loader.dropLast, loader.length];
};

describe("data", () =>
  describeArguments(
    data,
    {
      DataLoader: {
        run: loader,
        positional: () => ({ dataset: items, batchSize: 2, shuffle: true }),
        others: ["sampler", "batchSampler"],
        named: () => ({
          collateFn: (batch: number[]) => batch.join(),
          dropLast: true,
          generator: generator(),
        }),
        required: ["dataset"],
      },
      BatchSampler: {
        run: passes(data.BatchSampler),
        positional: () => ({ sampler: [4, 2, 0], batchSize: 2, dropLast: false }),
        required: ["sampler", "batchSize", "dropLast"],
      },
      RandomSampler: {
        run: passes(data.RandomSampler),
        positional: () => ({ dataSource: items, replacement: true, numSamples: 7, generator: generator() }),
        required: ["dataSource"],
      },
      SequentialSampler: {
        run: passes(data.SequentialSampler),
        positional: () => ({ dataSource: items }),
        required: ["dataSource"],
      },
      SubsetRandomSampler: {
        run: passes(data.SubsetRandomSampler),
        positional: () => ({ indices: [3, 5, 7], generator: generator() }),
        required: ["indices"],
      },
      WeightedRandomSampler: {
        run: passes(data.WeightedRandomSampler),
        positional: () => ({ weights: [1, 2, 3], numSamples: 3, replacement: false, generator: generator() }),
        required: ["weights", "numSamples"],
      },
      ConcatDataset: {
        run: (...args) => {
          const dataset = made<data.Dataset<number>>(data.ConcatDataset)(...args);
          return Array.from({ length: dataset.length }, (_, i) => dataset.get(i));
        },
        positional: () => ({ datasets: [items, [60]] }),
        required: ["datasets"],
      },
      Subset: {
        run: (...args) => {
          const dataset = made<data.Dataset<number>>(data.Subset)(...args);
          return Array.from({ length: dataset.length }, (_, i) => dataset.get(i));
        },
        positional: () => ({ dataset: items, indices: [4, 1] }),
        required: ["dataset", "indices"],
      },
      randomSplit: {
        run: (...args) => {
          manualSeed(3);
          return called<data.Subset<number>[]>(data.randomSplit)(...args).map(({ indices }) => indices);
        },
        positional: () => ({ dataset: items, lengths: [2, 3], generator: generator() }),
        required: ["dataset", "lengths"],
      },
      defaultCollate: {
        run: (...args) => String(called(data.defaultCollate)(...args)),
        positional: () => ({ batch: items }),
        required: ["batch"],
      },
    },
    // Those to extend, and one of any number of tensors.
    ["Dataset", "IterableDataset", "Sampler", "TensorDataset"],
  ));

describe("other loaders", () => {
  const dataset = new data.TensorDataset(tensor([1, 2, 3]));

  test("a sampler and a batch sampler are the fourth and the fifth", () => {
    assert.deepEqual([...new data.DataLoader(items, 2, false, [4, 0, 1])].map(String), [
      ...["tensor([50., 10.])", "tensor([20.])"],
    ]);
    const batches = [[0, 1], [4]];
    assert.deepEqual(
      [...new data.DataLoader(items, undefined, undefined, undefined, batches)].map(String),
      [...new data.DataLoader(items, { batchSampler: batches })].map(String),
    );
  });

  test("no batches, by position and by name", () => {
    const single: number[] = [...new data.DataLoader(items, null)];
    assert.deepEqual(single, items);
    assert.deepEqual([...new data.DataLoader(items, { batchSize: null })], items);
    const doubled: string[] = [...new data.DataLoader(items, null, { collateFn: (x) => `${2 * x}` })];
    assert.deepEqual(doubled, ["20", "40", "60", "80", "100"]);
  });

  test("the types of batches follow from the data set and collateFn", () => {
    for (const [x] of new data.DataLoader(dataset, 2)) assert.equal(x.ndim, 1);
    const sums: number[] = [...new data.DataLoader(items, 2, { collateFn: (batch) => batch.length })];
    assert.deepEqual(sums, [2, 2, 1]);
    const named: number[] = [...new data.DataLoader({ dataset: items, collateFn: (batch) => batch[0] })];
    assert.deepEqual(named, items);
  });

  test("options in Python's style and of other loaders", () => {
    const make = (options: object) => () => new data.DataLoader(items, options as { batchSize: number });
    assert.throws(make({ batch_size: 10 }), {
      name: ArgumentError.name,
      message: 'DataLoader: "batch_size" is written batchSize here',
    });
    assert.throws(make({ collate: String }), {
      message: /unknown option "collate"; did you mean "collateFn"/,
    });
    assert.throws(make({ numWorkers: 2 }), { message: /unknown option "numWorkers"/ });
  });
});
