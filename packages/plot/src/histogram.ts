import { quote, ValueError } from "@flambeau/backend";
import * as Plot from "@observablehq/plot";
import { makeAxis } from "./axis.ts";
import { readAll, type Values } from "./data.ts";
import type { Figure } from "./figure.ts";
import { drawFigure } from "./layout.ts";
import type { Range } from "./range.ts";
import { colorOf } from "./theme.ts";

/** Options of {@link plotHistogram}. */
export interface HistogramOptions {
  /** The ends of the bins; the least and the largest value when left out. Values beyond are not counted. */
  range?: Range;
  /** Whether bars show the share of values per unit of x, so that their area is 1, in place of counts. */
  density?: boolean;
  /** What the values are; "value" when left out. */
  xLabel?: string;
  /** A line above the picture; none when left out. */
  title?: string;
}

/** See `plotHistogram` of the package. */
export async function plotHistogram(x: Values, bins: number, options: HistogramOptions): Promise<Figure> {
  const { density = false, xLabel = "value" } = options;
  if (!Number.isInteger(bins) || bins < 1)
    throw new ValueError(`bins must be a whole number from 1, got ${quote(bins)}`);
  const values = await readAll(x, "x");
  const edges = edgesOf(values, bins, options.range);
  const counts = countsOf(values, edges);
  const width = edges[1] - edges[0];
  const total = counts.reduce((sum, count) => sum + count, 0);
  const heights = density ? counts.map((count) => (total === 0 ? 0 : count / (total * width))) : counts;

  const xAxis = makeAxis(edges, "x", [edges[0], edges[bins]]);
  const yAxis = makeAxis([0, ...heights], "y");
  const bars = heights.map((height, i) => [edges[i], edges[i + 1], height]);
  const style = { x1: "0", x2: "1", y1: 0, y2: "2", fill: colorOf(0), fillOpacity: 0.8, inset: 0.5 } as const;
  const yLabel = density ? "density" : "count";
  return drawFigure({
    title: options.title,
    description: `A histogram of ${total} values in ${bins} bins`,
    columns: 1,
    panels: [
      { width: 420, height: 300, x: xAxis, y: yAxis, xLabel, yLabel, marks: [Plot.rect(bars, style)] },
    ],
  });
}

/** The ends of `bins` bins of the same width, one more than bins. Source: NumPy's histogram. */
function edgesOf(values: readonly number[], bins: number, range?: Range): number[] {
  const finite = values.filter(Number.isFinite);
  let [low, high] = range ?? [0, 1];
  if (range === undefined && finite.length > 0) {
    low = finite.reduce((a, b) => Math.min(a, b));
    high = finite.reduce((a, b) => Math.max(a, b));
  }
  if (!(Number.isFinite(low) && Number.isFinite(high) && low <= high))
    throw new ValueError(`range must be [low, high] with low <= high, got ${quote(range)}`);
  if (low === high) [low, high] = [low - 0.5, high + 0.5];
  return Array.from({ length: bins + 1 }, (_, i) => (i === bins ? high : low + ((high - low) * i) / bins));
}

/** How many values lie in each bin: from its low end, which it has, to its high end, which the last one has too. */
function countsOf(values: readonly number[], edges: readonly number[]): number[] {
  const bins = edges.length - 1;
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    if (!(value >= edges[0] && value <= edges[bins])) continue;
    let bin = Math.min(bins - 1, Math.floor(((value - edges[0]) / (edges[bins] - edges[0])) * bins));
    // The quotient may be rounded to the other side of an edge.
    while (bin > 0 && value < edges[bin]) bin--;
    while (bin < bins - 1 && value >= edges[bin + 1]) bin++;
    counts[bin]++;
  }
  return counts;
}
