import { ShapeError, ValueError } from "@flambeau/backend";
import * as Plot from "@observablehq/plot";
import { makeAxis } from "./axis.ts";
import { readLabels, readPoints, sameLength, type Values } from "./data.ts";
import type { Figure } from "./figure.ts";
import { drawFigure, type LegendEntry } from "./layout.ts";
import { inside, type Point } from "./lines.ts";
import { batchFor, evaluate, type Model } from "./model.ts";
import type { Range } from "./range.ts";
import { type Lattice, type Region, regionAbove, samplePoints } from "./regions.ts";
import { colorOf, INK, mix, PAPER } from "./theme.ts";

/** What turns a model's outputs into probabilities: "Sigmoid" for one output, "Softmax" for one per class. */
export type Transform = "Sigmoid" | "Softmax";

/** Options of {@link plotClassification2d}. */
export interface ClassificationOptions {
  /** "Sigmoid" when left out. */
  transform?: Transform;
  /** The ends of the axes; from the data when left out. Points beyond are not drawn. */
  xRange?: Range;
  /** The ends of the y axis, as `xRange`. */
  yRange?: Range;
  /** The distance between ticks, counted from the low end. */
  dx?: number;
  /** The distance between ticks of the y axis, as `dx`. */
  dy?: number;
  /** A line above the picture; none when left out. */
  title?: string;
}

/** What a model adds to the picture. */
interface Decision {
  readonly background: Plot.Markish[];
  readonly borders: Plot.Markish[];
  readonly legend: LegendEntry[];
}

/** How finely the model is sampled: steps across the frame. */
const STEPS = 100;
const BANDS = 10;

/** See `plotClassification2d` of the package. */
export async function plotClassification2d(
  X: Values,
  y: Values,
  model: Model | undefined,
  options: ClassificationOptions,
): Promise<Figure> {
  const transform = options.transform ?? "Sigmoid";
  const points = await readPoints(X, "X");
  const labels = await readLabels(y, "y");
  sameLength(points.x, "X", labels, "y");

  const xAxis = makeAxis(points.x, "x", options.xRange, options.dx);
  const yAxis = makeAxis(points.y, "y", options.yRange, options.dy);
  const lattice: Lattice = { xRange: xAxis.range, yRange: yAxis.range, steps: STEPS };
  const classes = [...new Set(labels)].sort((a, b) => a - b);
  const decision = model === undefined ? null : await decide(model, transform, lattice, classes);

  const dots = classes.map((label) => {
    const members = points.x
      .map((value, i): Point => [value, points.y[i]])
      .filter((point, i) => labels[i] === label && inside(point, xAxis.range, yAxis.range));
    const stroke = decision === null ? PAPER : INK;
    return Plot.dot(members, { x: "0", y: "1", r: 4.5, fill: colorOf(label), stroke, strokeWidth: 0.8 });
  });
  return drawFigure({
    title: options.title,
    description: `${labels.length} points of ${classes.length} classes${decision === null ? "" : " over the model's decision regions"}`,
    columns: 1,
    panels: [
      {
        width: 400,
        height: 400,
        x: xAxis,
        y: yAxis,
        xLabel: "Feature 1",
        yLabel: "Feature 2",
        background: decision?.background,
        marks: [...(decision?.borders ?? []), ...dots],
      },
    ],
    legend: [
      ...classes.map((label) => ({ label: `Class ${label}`, dot: colorOf(label) })),
      ...(decision?.legend ?? []),
    ],
  });
}

/** Runs the model over the lattice and turns its outputs into regions. */
async function decide(
  model: Model,
  transform: Transform,
  lattice: Lattice,
  classes: number[],
): Promise<Decision> {
  const samples = samplePoints(lattice);
  const count = samples.length / 2;
  const output = evaluate(model, batchFor(model, samples, [count, 2]));
  const { shape } = output;
  const largest = classes.at(-1) ?? 0;
  const outputs = Array.from(await output.data(), Number);
  if (transform === "Sigmoid") {
    if (outputs.length !== count || shape[0] !== count) {
      const hint =
        shape.length === 2 && shape[1] > 1 ? '; for one output per class use transform: "Softmax"' : "";
      throw new ShapeError(
        `"Sigmoid" needs a model with one output a row: for ${show([count, 2])} it gave ${show(shape)}${hint}`,
      );
    }
    if (largest > 1)
      throw new ValueError(`"Sigmoid" tells two classes apart, 0 and 1, but y has class ${largest}`);
    return probabilityBands(lattice, outputs);
  }
  if (shape.length !== 2 || shape[0] !== count || shape[1] < 2) {
    throw new ShapeError(
      `"Softmax" needs a model with one output per class: for ${show([count, 2])} it gave ${show(shape)}`,
    );
  }
  if (largest >= shape[1])
    throw new ValueError(`the model tells ${shape[1]} classes apart, but y has class ${largest}`);
  return classRegions(lattice, outputs, shape[1]);
}

function show(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}

/**
 * The colour of a probability of class 1: pale near 0.5, towards the likelier class's colour away from it.
 */
function bandColor(band: number): string {
  const probability = (band + 0.5) / BANDS;
  return mix(PAPER, colorOf(probability < 0.5 ? 0 : 1), 0.1 + 1.1 * Math.abs(probability - 0.5));
}

function fill({ area }: Region, color: string): Plot.Markish {
  return Plot.line(area, { x: "0", y: "1", fill: color, stroke: "none" });
}

function outline({ border }: Region): Plot.Markish {
  return Plot.line(border, { x: "0", y: "1", stroke: INK, strokeWidth: 1.5 });
}

/**
 * Bands of the probability of class 1. A contour of the logit is one of the probability, and bends less
 * between samples.
 */
function probabilityBands(lattice: Lattice, logits: number[]): Decision {
  const background: Plot.Markish[] = [Plot.frame({ fill: bandColor(0), stroke: "none" })];
  for (let band = 1; band < BANDS; band++) {
    const region = regionAbove(lattice, logits, Math.log(band / (BANDS - band)));
    background.push(fill(region, bandColor(band)));
  }
  const bands = Array.from({ length: BANDS }, (_, i) => BANDS - 1 - i);
  return {
    background,
    borders: [outline(regionAbove(lattice, logits, 0))],
    legend: [
      { label: "Decision boundary", stroke: INK },
      { label: "" },
      { label: "Probability of class 1" },
      ...bands.map((band) => ({ label: `${band / BANDS} – ${(band + 1) / BANDS}`, square: bandColor(band) })),
    ],
  };
}

/**
 * One region per class: where its output exceeds the largest of the others, so that softmax gives it the
 * most.
 */
function classRegions(lattice: Lattice, outputs: number[], classes: number): Decision {
  const rows = Array.from({ length: outputs.length / classes }, (_, i) =>
    outputs.slice(i * classes, (i + 1) * classes),
  );
  const regions = Array.from({ length: classes }, (_, k) => {
    const lead = rows.map((row) => row[k] - Math.max(...row.filter((_, other) => other !== k)));
    return regionAbove(lattice, lead, 0);
  });
  return {
    background: regions.map((region, k) => fill(region, mix(PAPER, colorOf(k), 0.35))),
    borders: regions.map(outline),
    legend: [{ label: "Decision boundary", stroke: INK }],
  };
}
