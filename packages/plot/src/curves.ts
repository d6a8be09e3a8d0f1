import { ValueError } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";
import * as Plot from "@observablehq/plot";
import { type Axis, makeAxis, makeLogAxis } from "./axis.ts";
import { isTensor, readColumn, sameLength, type Values } from "./data.ts";
import type { Figure } from "./figure.ts";
import { drawFigure, type LegendEntry } from "./layout.ts";
import { clipLine, type Point } from "./lines.ts";
import type { Range } from "./range.ts";
import { colorOf } from "./theme.ts";
import { thinned } from "./thinned.ts";

/** One curve, shape [n], or several, of different lengths if need be. */
export type Curves = Values | readonly Values[];

/** Options of {@link plotLines}. */
export interface LinesOptions {
  /** The names of the curves, in the legend; without them there is none. */
  labels?: readonly unknown[];
  /** What x counts; "step" when left out. */
  xLabel?: string;
  /** What the curves are of; "value" when left out. */
  yLabel?: string;
  /** "log" draws powers of ten at equal distances: values from 0 down are left out. */
  yScale?: "linear" | "log";
  /** The ends of the x axis; from the data when left out. */
  xRange?: Range;
  /** The ends of the y axis; from the data when left out. */
  yRange?: Range;
  /** A line above the picture; none when left out. */
  title?: string;
}

/** See `plotLines` of the package. */
export async function plotLines(lines: Curves, x: Values | null, options: LinesOptions): Promise<Figure> {
  const { labels } = options;
  const curves = await readCurves(lines);
  if (labels !== undefined && labels.length !== curves.length)
    throw new ValueError(
      `labels must have one name for each of ${curves.length} curves, got ${labels.length}`,
    );
  const given = x === null ? null : await readColumn(x, "x");
  if (given !== null) for (const values of curves) sameLength(given, "x", values, "a line");
  const list = curves.map((y, i) => ({ x: given ?? y.map((_, k) => k), y, label: labels?.[i] }));
  return drawCurves(list, options);
}

/** A curve through points in their order. */
export interface Curve {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Its name in the legend, which has those that are not undefined. */
  readonly label?: unknown;
}

/** What the frame of a panel of curves is wide. */
const WIDTH = 460;

/** Draws curves, each with its own x. */
export function drawCurves(curves: readonly Curve[], options: Omit<LinesOptions, "labels">): Figure {
  const { yScale = "linear", xLabel = "step", yLabel = "value" } = options;
  const log = yScale === "log";
  const heightOf = (value: number): number => (log ? Math.log10(value) : value);
  const xAxis = makeAxis(
    curves.flatMap(({ x }) => x),
    "x",
    options.xRange,
  );
  const all = curves.flatMap(({ y }) => y);
  const yAxis: Axis = log ? makeLogAxis(all, options.yRange) : makeAxis(all, "y", options.yRange);
  const marks: Plot.Markish[] = [];
  const legend: LegendEntry[] = [];
  curves.forEach(({ x, y, label }, i) => {
    // A value that is not finite, as a loss that has become nan, is a gap.
    const points = x.map((value, k): Point => [value, heightOf(y[k])]);
    const line = clipLine(thinned(points, xAxis.range, WIDTH), xAxis.range, yAxis.range);
    const style = { x: "0", y: "1", stroke: colorOf(i), strokeWidth: 2, strokeLinejoin: "round" } as const;
    marks.push(Plot.line(line, style));
    if (points.length === 1) marks.push(Plot.dot(points, { x: "0", y: "1", r: 4, fill: colorOf(i) }));
    if (label !== undefined) legend.push({ label: String(label), stroke: colorOf(i) });
  });
  const names = legend.map(({ label }) => label).join(", ");
  return drawFigure({
    title: options.title,
    description: `${yLabel} over ${xLabel}${names === "" ? "" : `: ${names}`}`,
    columns: 1,
    panels: [{ width: WIDTH, height: 300, x: xAxis, y: yAxis, xLabel, yLabel, marks }],
    legend,
  });
}

/** Several curves, or one: values in a row, or a tensor of one dimension. */
async function readCurves(lines: Curves): Promise<number[][]> {
  const several = isTensor(lines as Values)
    ? (lines as Tensor).ndim === 2
    : Array.isArray(lines) && typeof lines[0] === "object";
  const list: readonly Values[] = several ? [...(lines as Iterable<Values>)] : [lines as Values];
  if (list.length === 0) throw new ValueError("plotLines needs at least one curve");
  return Promise.all(list.map((values, i) => readColumn(values, several ? `lines[${i}]` : "lines")));
}
