/**
 * Data sets, samplers and the DataLoader.
 *
 * @module
 */
export { BatchSampler } from "./batch-sampler.ts";
export { type Collated, defaultCollate } from "./collate.ts";
export { ConcatDataset } from "./concat-dataset.ts";
export { DataLoader } from "./data-loader.ts";
export { Dataset, type DatasetLike, IterableDataset } from "./dataset.ts";
export { RandomSampler } from "./random-sampler.ts";
export { randomSplit } from "./random-split.ts";
export { Sampler, SequentialSampler, type Sized } from "./sampler.ts";
export { Subset } from "./subset.ts";
export { SubsetRandomSampler } from "./subset-random-sampler.ts";
export { TensorDataset, type TensorItem } from "./tensor-dataset.ts";
export { WeightedRandomSampler } from "./weighted-random-sampler.ts";
