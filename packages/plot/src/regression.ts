import * as Plot from "@observablehq/plot";
import { makeAxis } from "./axis.ts";
import { readColumn, sameLength, type Values } from "./data.ts";
import type { Figure } from "./figure.ts";
import { drawFigure, type LegendEntry } from "./layout.ts";
import { clipLine, curve, inside, type Point } from "./lines.ts";
import type { Range } from "./range.ts";
import { colorOf, PREDICTION } from "./theme.ts";

/** Options of {@link plotRegression}. */
export interface RegressionOptions {
  /** The ends of the x axis; from the data when left out. Points beyond are not drawn. */
  xRange?: Range;
  /** The ends of the y axis; from the data when left out. */
  yRange?: Range;
  /** The distance between ticks on x, counted from the low end. */
  dx?: number;
  /** The distance between ticks on y. */
  dy?: number;
  /** A line above the picture; none when left out. */
  title?: string;
}

/** See `plotRegression` of the package. */
export async function plotRegression(
  X: Values,
  y: Values,
  yHat: Values | undefined,
  options: RegressionOptions,
): Promise<Figure> {
  const xs = await readColumn(X, "X");
  const ys = await readColumn(y, "y");
  const predicted = yHat === undefined ? null : await readColumn(yHat, "yHat");
  if (ys.length !== 1) sameLength(xs, "X", ys, "y");
  if (predicted !== null) sameLength(xs, "X", predicted, "yHat");

  const xAxis = makeAxis(xs, "x", options.xRange, options.dx);
  const yAxis = makeAxis(predicted === null ? ys : ys.concat(predicted), "y", options.yRange, options.dy);
  const points = ys
    .map((value, i): Point => [xs[i], value])
    .filter((point) => inside(point, xAxis.range, yAxis.range));
  const marks: Plot.Markish[] = [
    // Without outlines, which would bury one another where dots are dense.
    Plot.dot(points, { x: "0", y: "1", r: 4, fill: colorOf(0), fillOpacity: 0.6 }),
  ];
  const legend: LegendEntry[] = [];
  if (predicted !== null) {
    const line = clipLine(curve(xs, predicted), xAxis.range, yAxis.range);
    marks.push(
      Plot.line(line, { x: "0", y: "1", stroke: PREDICTION, strokeWidth: 3, strokeLinejoin: "round" }),
    );
    // A curve without data, such as a function's, is fitted to nothing.
    if (points.length > 0) {
      legend.push({ label: "Data", dot: colorOf(0) }, { label: "Fitted line", stroke: PREDICTION });
    }
  }
  return drawFigure({
    title: options.title,
    description:
      points.length === 0 && predicted !== null
        ? "A curve of y over x"
        : `${points.length} observations of y against x${predicted === null ? "" : ", with the fitted line"}`,
    columns: 1,
    panels: [{ width: 420, height: 380, x: xAxis, y: yAxis, xLabel: "x", yLabel: "y", marks }],
    legend,
  });
}
