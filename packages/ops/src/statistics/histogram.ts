/** Histograms. */
import {
  ArgumentError,
  DTypeError,
  formatShape,
  isFloat,
  quote,
  ShapeError,
  ValueError,
} from "@flambeau/backend";
import {
  type Callable,
  callable,
  computeOnHost,
  linspace,
  type NamedTuple,
  namedTuple,
  Tensor,
} from "@flambeau/tensor";
import { type Axis, checkExtent, extent, intervalOf } from "./bins.ts";

/** What is counted, and how. */
interface Settings {
  readonly what: string;
  /** `[points, dimensions]`. */
  readonly points: Tensor;
  /** For each dimension how many intervals, or their edges. */
  readonly bins: readonly (number | Tensor)[];
  /** Where the intervals of each dimension start and end. */
  readonly range: readonly number[] | undefined;
  readonly weight: Tensor | undefined;
  readonly density: boolean;
}

/** How much an extent of one point grows on either side, and whether computed intervals are compared with edges. */
interface Way {
  readonly margin: number;
  readonly isExact: boolean;
}

const HISTOGRAM: Way = { margin: 0.5, isExact: true };
const HISTC: Way = { margin: 1, isExact: false };

function check({ what, points, bins, range, weight }: Settings): void {
  if (!isFloat(points.dtype)) throw new DTypeError(`${what} needs floats; got ${points.dtype}`);
  bins.forEach((bin) => {
    if (bin instanceof Tensor) checkEdges(what, points, bin);
    else if (!Number.isInteger(bin) || bin < 1)
      throw new ValueError(`${what}: the number of bins is an integer from 1; got ${quote(bin)}`);
  });
  if (range !== undefined && range.length !== 2 * bins.length)
    throw new ValueError(`${what}: a range has two numbers for each dimension; got ${range.length}`);
  if (weight !== undefined && weight.dtype !== points.dtype)
    throw new DTypeError(
      `${what}: the tensor is ${points.dtype} and the weights ${weight.dtype}; they have to be the same`,
    );
}

function checkEdges(what: string, points: Tensor, edges: Tensor): void {
  if (edges.ndim !== 1 || edges.numel() < 2)
    throw new ShapeError(`${what}: edges are a vector of two or more; got shape ${formatShape(edges.shape)}`);
  if (edges.dtype !== points.dtype)
    throw new DTypeError(
      `${what}: the tensor is ${points.dtype} and the edges ${edges.dtype}; they have to be the same`,
    );
}

/** The counts, and the edges of each dimension. */
function histogramOf(settings: Settings, way: Way): { readonly hist: Tensor; readonly edges: Tensor[] } {
  check(settings);
  const { what, points, bins, range, weight, density } = settings;
  const { dtype, storage } = points;
  const counts = bins.map((bin) => (bin instanceof Tensor ? bin.numel() - 1 : bin));
  const hist = Tensor.empty(storage.backend, counts, dtype);
  const edges = counts.map((count) => Tensor.empty(storage.backend, [count + 1], dtype));
  const given = bins.filter((bin) => bin instanceof Tensor);
  const inputs = [points, ...given, ...(weight === undefined ? [] : [weight.reshape([-1])])];
  const round = dtype === "float32" ? Math.fround : (x: number): number => x;
  computeOnHost(
    inputs.map((x) => x.detach()),
    [hist, ...edges],
    ([xs, ...others], [sums, ...results]) => {
      const dims = counts.length;
      const axes = bins.map((bin, d): Axis => {
        if (bin instanceof Tensor) results[d].set(others[given.indexOf(bin)]);
        else {
          let [low, high] = range === undefined ? extent(xs, d, dims) : range.slice(2 * d, 2 * d + 2);
          checkExtent(what, low, high);
          if (low === high) [low, high] = [low - way.margin, high + way.margin];
          const even = linspace(low, high, counts[d] + 1, { dtype: dtype === "float64" ? dtype : "float32" });
          results[d].set(even.dataSync<Float64Array>());
        }
        return { edges: results[d], isEven: !(bin instanceof Tensor), isExact: way.isExact };
      });
      const weights = weight === undefined ? null : others[given.length];
      for (let point = 0; point * dims < xs.length; point++) {
        let place = 0;
        for (let d = 0; d < dims && place >= 0; d++) {
          const at = intervalOf(xs[point * dims + d], axes[d], round);
          place = at < 0 ? -1 : place * counts[d] + at;
        }
        if (place >= 0) sums[place] += weights === null ? 1 : weights[point];
      }
      if (density) normalize(sums, axes);
    },
  );
  return { hist, edges };
}

/** Divides by the sum and by the boxes' volumes. */
function normalize(sums: Float64Array, axes: readonly Axis[]): void {
  const total = sums.reduce((a, b) => a + b, 0);
  for (let place = 0; place < sums.length; place++) {
    let volume = 1;
    let rest = place;
    for (let d = axes.length - 1; d >= 0; d--) {
      const { edges } = axes[d];
      const k = rest % (edges.length - 1);
      rest = (rest - k) / (edges.length - 1);
      volume *= edges[k + 1] - edges[k];
    }
    sums[place] /= total * volume;
  }
}

const HISTC_SIGNATURE = "histc(input, bins: int = 100, min: number = 0, max: number = 0)";

/**
 * How many of the elements lie in each of `bins` intervals of equal width from `min` to `max`; where these are equal, from the smallest
 * element to the largest. Others are not counted. No gradient. Counted on the CPU, whatever the device.
 *
 * @param bins - how many intervals.
 * @param min - where the first starts.
 * @param max - where the last ends; it has this end, others have not.
 * @returns counts of the input's dtype: `[bins]`.
 * @throws DTypeError for integers; ValueError when `bins` is not positive, `max` is below `min`, or an end is not finite (of elements of
 *   a device that cannot be read at once, the next read throws).
 *
 * @example
 * ```ts
 * import { histc } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(histc(tensor([1, 2, 1]), { bins: 4, max: 3 })));
 * // tensor([0., 2., 1., 0.])
 * ```
 */
export const histc: Callable<typeof HISTC_SIGNATURE, Tensor> = callable(
  HISTC_SIGNATURE,
  (input, bins, min, max) => {
    checkExtent("histc", min, max);
    const points = input.reshape([-1, 1]);
    const isGiven = min !== max;
    // Of none and of one alike: an extent without a size grows.
    const range = isGiven || points.numel() === 0 ? [min, max] : undefined;
    return histogramOf(
      { what: "histc", points, bins: [bins], range, weight: undefined, density: false },
      HISTC,
    ).hist;
  },
);

/** A histogram of one dimension. */
export interface Histogram {
  /** How many elements lie in each interval, or their weights, or the density. */
  readonly hist: Tensor;
  /** Where the intervals start, and the last one ends. */
  readonly binEdges: Tensor;
}

const HISTOGRAM_SIGNATURE =
  "histogram(input, bins: int|tensor = 100, *, range?: numbers, weight?, density = false)";

/**
 * How many of the elements lie in each interval, and the intervals' edges. Others are not counted. No gradient. Counted on the CPU,
 * whatever the device.
 *
 * @param bins - how many intervals of equal width, or a vector of their edges, ascending.
 * @param range - where the intervals start and end: two numbers. Left out, at the smallest and the largest element.
 * @param weight - how much each element counts, of the input's shape and dtype.
 * @returns `hist`, of the input's dtype, and `binEdges`, by name or unpacked. An interval has its start, the last one its end, too.
 * @throws DTypeError for integers, or when the dtypes differ; ShapeError when the weights have another shape, or edges are no vector;
 *   ValueError when the number of bins is not positive, or the range not finite or not ascending; ArgumentError for a range with edges.
 *
 * @example
 * ```ts
 * import { histogram } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * const { hist, binEdges } = histogram(tensor([1, 2, 1]), { bins: 4, range: [0, 3], weight: tensor([1, 2, 4]) });
 * console.log(String(hist), String(binEdges));
 * // tensor([0., 5., 2., 0.]) tensor([0.0000, 0.7500, 1.5000, 2.2500, 3.0000])
 * ```
 */
export const histogram: Callable<typeof HISTOGRAM_SIGNATURE, NamedTuple<Histogram>> = callable(
  HISTOGRAM_SIGNATURE,
  (input, bins, { range, weight, density }) => {
    if (range !== undefined && bins instanceof Tensor)
      throw new ArgumentError("histogram: edges have their range; take away the one of the two");
    if (weight !== undefined && `${weight.shape}` !== `${input.shape}`)
      refuseWeights("histogram", weight, input.shape);
    const points = input.reshape([-1, 1]);
    const { hist, edges } = histogramOf(
      { what: "histogram", points, bins: [bins], range, weight, density },
      HISTOGRAM,
    );
    return namedTuple({ hist, binEdges: edges[0] });
  },
);

function refuseWeights(what: string, weight: Tensor, shape: readonly number[]): never {
  throw new ShapeError(
    `${what}: weights of shape ${formatShape(weight.shape)} do not go with points of shape ${formatShape(shape)}`,
  );
}

/** A histogram of several dimensions. */
export interface HistogramOfPoints {
  /** How many points lie in each box, or their weights, or the density: a dimension for each coordinate. */
  readonly hist: Tensor;
  /** For each coordinate where the intervals start, and the last one ends. */
  readonly binEdges: Tensor[];
}

const HISTOGRAMDD_SIGNATURE =
  "histogramdd(input, bins: int|array, *, range?: numbers, weight?, density = false)";

/**
 * How many points lie in each box, and the edges of the boxes; see `histogram`.
 *
 * @param input - the points: `[..., coordinates]`.
 * @param bins - for each coordinate how many intervals (a number for all), or a vector of their edges.
 * @param range - for each coordinate where its intervals start and end: twice as many numbers.
 * @param weight - how much each point counts: `[...]`, of the input's dtype.
 * @returns `hist` with a dimension for each coordinate, and `binEdges`, an array with a vector for each.
 * @throws as `histogram`; ShapeError when the input has less than two dimensions; ArgumentError when `bins` has something else.
 *
 * @example
 * ```ts
 * import { histogramdd } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * const { hist } = histogramdd(tensor([[0, 1], [1, 0], [2, 0], [2, 2]]), [3, 3]);
 * console.log(String(hist));
 * // tensor([[0., 1., 0.],
 * //         [1., 0., 0.],
 * //         [1., 0., 1.]])
 * ```
 */
export const histogramdd: Callable<typeof HISTOGRAMDD_SIGNATURE, NamedTuple<HistogramOfPoints>> = callable(
  HISTOGRAMDD_SIGNATURE,
  (input, bins, { range, weight, density }) => {
    const what = "histogramdd";
    const count = input.shape[input.ndim - 1];
    if (input.ndim < 2 || count === 0)
      throw new ShapeError(`${what} takes points [..., coordinates]; got shape ${formatShape(input.shape)}`);
    const all = Array.isArray(bins) ? bins : new Array<number>(count).fill(bins as number);
    if (all.length !== count)
      throw new ValueError(`${what}: bins for ${all.length} coordinates do not go with ${count}`);
    const isEdges = all[0] instanceof Tensor;
    const bad = all.find((bin) => (isEdges ? !(bin instanceof Tensor) : typeof bin !== "number"));
    if (bad !== undefined)
      throw new ArgumentError(`${what}: bins are numbers, or tensors of edges; one of them is ${quote(bad)}`);
    if (isEdges && range !== undefined)
      throw new ArgumentError(`${what}: edges have their range; take away the one of the two`);
    if (weight !== undefined && `${weight.shape}` !== `${input.shape.slice(0, -1)}`)
      refuseWeights(what, weight, input.shape);
    const points = input.reshape([-1, count]);
    const { hist, edges } = histogramOf(
      { what, points, bins: all as Tensor[], range, weight, density },
      HISTOGRAM,
    );
    return namedTuple({ hist, binEdges: edges });
  },
);
