import { quote, ValueError } from "@flambeau/backend";
import { checkRandomState, type RandomState, type RandomStateLike } from "../numpy/random-state.ts";
import { checkCount, checkDeviation, type Labelled, labels, shuffled, type Table } from "./table.ts";

/** Options of blobs. */
export interface BlobsOptions {
  /** The number of samples, divided among the clusters as evenly as it goes, or that of each. Default: 100. */
  nSamples?: number | readonly number[];
  /** The number of features, where `centers` does not give it. Default: 2. */
  nFeatures?: number;
  /** The number of clusters, or their centers, row by row. Default: 3, or as many as `nSamples` has entries. */
  centers?: number | readonly (readonly number[])[] | null;
  /** The standard deviation of the clusters, or that of each. Default: 1. */
  clusterStd?: number | readonly number[];
  /** The bounds between which centers are drawn. Default: [-10, 10]. */
  centerBox?: readonly [number, number];
  /** Whether to put the samples in random order. Default: true. */
  shuffle?: boolean;
  /** A seed, a stream to go on from, or null for {@link numpyRandom}. Default: null. */
  randomState?: RandomStateLike;
}

/** Samples, labels and the centers they scatter around. */
export interface Blobs extends Labelled {
  readonly centers: Table;
}

/** Normal clusters. Source: scikit-learn 1.2, `make_blobs`. */
export function blobs({
  nSamples = 100,
  nFeatures = 2,
  centers = null,
  clusterStd = 1,
  centerBox = [-10, 10],
  shuffle = true,
  randomState,
}: BlobsOptions): Blobs {
  checkCount("nFeatures", nFeatures, 1);
  const clusters = countClusters(nSamples, centers);
  const counts = countSamples(nSamples, clusters);
  const deviations = countDeviations(clusterStd, clusters);
  const random = checkRandomState(randomState);
  const center: Table = isTable(centers)
    ? toTable(centers)
    : {
        data: random.uniform(centerBox[0], centerBox[1], [clusters, nFeatures]),
        shape: [clusters, nFeatures],
      };
  const width = center.shape[1];
  const total = counts.reduce((sum, count) => sum + count, 0);
  const data = new Float64Array(total * width);
  let next = 0;
  counts.forEach((count, cluster) => {
    scatter(
      random,
      data.subarray(next, next + count * width),
      center.data.subarray(cluster * width, (cluster + 1) * width),
      deviations[cluster],
    );
    next += count * width;
  });
  const samples = shuffled(random, { X: { data, shape: [total, width] }, y: labels(counts) }, shuffle);
  return { ...samples, centers: center };
}

/** Fills rows with normal samples around a center. */
function scatter(random: RandomState, out: Float64Array, center: Float64Array, deviation: number): void {
  const noise = random.normal(0, deviation, out.length);
  for (let i = 0; i < out.length; i++) out[i] = center[i % center.length] + noise[i];
}

function isTable(centers: BlobsOptions["centers"]): centers is readonly (readonly number[])[] {
  return typeof centers !== "number" && centers !== null && centers !== undefined;
}

function toTable(rows: readonly (readonly number[])[]): Table {
  const width = rows[0]?.length ?? 0;
  if (width === 0 || rows.some((row) => row.length !== width)) {
    throw new ValueError("centers must be rows of the same length, at least 1");
  }
  return { data: Float64Array.from(rows.flat()), shape: [rows.length, width] };
}

function countClusters(nSamples: number | readonly number[], centers: BlobsOptions["centers"]): number {
  if (isTable(centers)) toTable(centers);
  if (typeof nSamples === "number") {
    if (isTable(centers)) return centers.length;
    checkCount("centers", centers ?? 3, 1);
    return centers ?? 3;
  }
  if (centers !== null && centers !== undefined && !isTable(centers)) {
    throw new ValueError(
      `with nSamples of each cluster, centers must be their rows, but got ${quote(centers)}`,
    );
  }
  if (isTable(centers) && centers.length !== nSamples.length) {
    throw new ValueError(`nSamples has ${nSamples.length} clusters, but centers has ${centers.length}`);
  }
  return nSamples.length;
}

function countSamples(nSamples: number | readonly number[], clusters: number): readonly number[] {
  if (typeof nSamples !== "number") {
    for (const count of nSamples) checkCount("nSamples", count, 0);
    return nSamples;
  }
  checkCount("nSamples", nSamples, 1);
  const each = Math.floor(nSamples / clusters);
  return Array.from({ length: clusters }, (_, i) => each + (i < nSamples % clusters ? 1 : 0));
}

function countDeviations(clusterStd: number | readonly number[], clusters: number): readonly number[] {
  const deviations = typeof clusterStd === "number" ? Array<number>(clusters).fill(clusterStd) : clusterStd;
  if (deviations.length !== clusters) {
    throw new ValueError(`clusterStd has ${deviations.length} entries for ${clusters} clusters`);
  }
  for (const deviation of deviations) checkDeviation("clusterStd", deviation);
  return deviations;
}
