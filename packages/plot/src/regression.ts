import * as Plot from "@observablehq/plot";
import { makeAxis, type Range } from "./axis.ts";
import { readColumn, sameLength, type Values } from "./data.ts";
import type { Figure } from "./figure.ts";
import { drawFigure, type LegendEntry } from "./layout.ts";
import { clipLine, curve, inside, type Point } from "./lines.ts";
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
  title?: string;
}

/**
 * Draws observations of one feature against their target, and the fitted line where there is one.
 *
 * The line is drawn in the order of X, so the data need no sorting. For a curve without data, give `[0]` as
 * y, as the chapter does: a single y belongs to the first X alone.
 *
 * @param X the feature, shape [n] or [n, 1]
 * @param y the target, shape [n] or [n, 1], or a single value
 * @param yHat the predictions, shape [n] or [n, 1]
 * @throws ShapeError when the shapes do not fit; ValueError for values that are no numbers or a range that is
 * none
 *
 * @example
 * ```ts
 * import { plotRegression } from "@flambeau/plot";
 *
 * const figure = await plotRegression([1, 2, 3], [2.1, 3.9, 6.2], [2, 4, 6], { yRange: [0, 8], dy: 2 });
 * console.log(figure.svg.match(/<circle /g)?.length);
 * // 3
 * ```
 */
export async function plotRegression(
  X: Values,
  y: Values,
  yHat: Values | null = null,
  options: RegressionOptions = {},
): Promise<Figure> {
  const xs = await readColumn(X, "X");
  const ys = await readColumn(y, "y");
  const predicted = yHat === null ? null : await readColumn(yHat, "yHat");
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
    if (points.length > 0) legend.push({ label: "Data", dot: colorOf(0) });
    legend.push({ label: "Fitted line", stroke: PREDICTION });
  }
  return drawFigure({
    title: options.title,
    description: `${points.length} observations of y against x${predicted === null ? "" : ", with the fitted line"}`,
    columns: 1,
    panels: [{ width: 420, height: 380, x: xAxis, y: yAxis, xLabel: "x", yLabel: "y", marks }],
    legend,
  });
}
