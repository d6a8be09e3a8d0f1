import * as Plot from "@observablehq/plot";
import { type Axis, makeAxis } from "./axis.ts";
import { readColumn, sameLength, type Values } from "./data.ts";
import type { Figure } from "./figure.ts";
import { hiddenLayer, type NodesModel } from "./hidden-layer.ts";
import { drawFigure, type Panel } from "./layout.ts";
import { clipLine, curve } from "./lines.ts";
import { batchFor, evaluate } from "./model.ts";
import type { Range } from "./range.ts";
import { colorOf, INK, mix, PAPER, PREDICTION } from "./theme.ts";

/** Options of {@link plotNodes}. */
export interface NodesOptions {
  /**
   * The ends of the axes; from the data when left out. `yRange` and `dy` are those of the second and third
   * panel.
   */
  xRange?: Range;
  /** The ends of the y axes, as `xRange`. */
  yRange?: Range;
  /** The distance between ticks, counted from the low end. */
  dx?: number;
  /** The distance between ticks of the y axes, as `dx`. */
  dy?: number;
  /** A line above the panels; none when left out. */
  title?: string;
}

/** One line of a panel. */
interface Line {
  readonly label: string;
  readonly values: readonly number[];
  readonly stroke: string;
  readonly dash?: string;
  readonly width?: number;
}

const DASH = "2,6";
/** The palette without the bias's colour, without reds (the prediction's) and greys (the sums'). */
const NODE_COLORS = [0, 2, 3, 5, 7, 8];
const BIAS_COLOR = colorOf(4);

/** See `plotNodes` of the package. */
export async function plotNodes(
  X: Values,
  yHat: Values,
  model: NodesModel,
  options: NodesOptions,
): Promise<Figure> {
  const xs = await readColumn(X, "X");
  const predicted = await readColumn(yHat, "yHat");
  sameLength(xs, "X", predicted, "yHat");
  const { first, activation, last } = hiddenLayer(model);

  const outputs = evaluate((x) => activation(first(x)), batchFor(model, xs, [xs.length, 1]));
  const values = Array.from(await outputs.data(), Number);
  const weights = Array.from(await last.weight.data(), Number);
  const bias = last.bias === null ? 0 : Number((await last.bias.data())[0]);
  const features = weights.map((_, node) => xs.map((_, i) => values[i * weights.length + node]));
  const parts = features.map((feature, node) => feature.map((value) => value * weights[node]));

  const x = makeAxis(xs, "x", options.xRange, options.dx);
  const nodeLine = (list: readonly number[], node: number): Line => ({
    label: `Node ${node + 1}`,
    values: list,
    stroke: colorOf(NODE_COLORS[node % NODE_COLORS.length]),
  });
  const prediction: Line = {
    label: "Prediction",
    values: predicted,
    stroke: PREDICTION,
    dash: DASH,
    width: 4,
  };
  const biasLine: Line = { label: "Output bias", values: xs.map(() => bias), stroke: BIAS_COLOR };
  const decomposition = [...parts.map(nodeLine), ...(last.bias === null ? [] : [biasLine]), prediction];
  const sums = [...runningSums(parts, last.bias === null ? null : bias), prediction];
  const y = makeAxis(
    [...decomposition, ...sums].flatMap((line) => line.values),
    "y",
    options.yRange,
    options.dy,
  );

  const featureLines = features.map(nodeLine);
  const featureAxis = makeAxis(
    featureLines.flatMap((line) => line.values),
    "y",
  );
  return drawFigure({
    title: options.title,
    description: `What the ${weights.length} hidden nodes contribute to the prediction`,
    columns: 3,
    panels: [
      panel("Hidden nodes: what each computes", "activation", xs, featureLines, x, featureAxis),
      panel("Node decomposition: times output weight", "y", xs, decomposition, x, y),
      panel("Re-composition: running sum", "y", xs, sums, x, y),
    ],
    legend: [...decomposition, { label: "" }, ...sums.slice(0, -1)],
  });
}

/** Node 1, nodes 1 to 2, and so on, the bias last; each darker than the one before. */
function runningSums(parts: readonly number[][], bias: number | null): Line[] {
  const steps = parts.length + (bias === null ? 0 : 1);
  const shade = (step: number): string => mix(PAPER, INK, 0.25 + (0.75 * (step + 1)) / steps);
  const sums: Line[] = [];
  let sum = parts[0].map(() => 0);
  parts.forEach((part, node) => {
    sum = sum.map((value, i) => value + part[i]);
    sums.push({
      label: node === 0 ? "Sum: node 1" : `Sum: nodes 1\u2013${node + 1}`,
      values: sum,
      stroke: shade(node),
    });
  });
  if (bias !== null) {
    const values = sum.map((value) => value + bias);
    sums.push({ label: "Sum: nodes and bias", values, stroke: shade(parts.length) });
  }
  return sums;
}

function panel(
  title: string,
  yLabel: string,
  xs: readonly number[],
  lines: readonly Line[],
  x: Axis,
  y: Axis,
): Panel {
  const marks = lines.map(({ values, stroke, dash, width }) =>
    Plot.line(clipLine(curve(xs, values), x.range, y.range), {
      x: "0",
      y: "1",
      stroke,
      strokeWidth: width ?? 2.5,
      strokeDasharray: dash,
      strokeLinecap: "round",
      strokeLinejoin: "round",
    }),
  );
  return { width: 300, height: 300, title, x, y, xLabel: "x", yLabel, marks };
}
