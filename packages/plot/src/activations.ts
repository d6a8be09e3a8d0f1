import { quote, ShapeError, ValueError } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";
import * as Plot from "@observablehq/plot";
import { makeAxis } from "./axis.ts";
import { readColumn, type Values } from "./data.ts";
import type { Figure } from "./figure.ts";
import { drawFigure, type Panel } from "./layout.ts";
import { clipLine, curve } from "./lines.ts";
import { batchFor, evaluate, type Model } from "./model.ts";
import { colorOf } from "./theme.ts";

/** A class of modules that needs no arguments, such as nn.Sigmoid. */
export type ActivationClass = new () => Model;

/** Fewer ticks than on a large panel. */
const TICKS = 8;

/** Options of {@link plotActivations}. */
export interface ActivationsOptions {
  /** Panels in a row; 3 when left out. */
  columns?: number;
  /** A line above the panels; none when left out. */
  title?: string;
}

/** See `plotActivations` of the package. */
export async function plotActivations(
  x: Values,
  functions: readonly (ActivationClass | Model)[],
  options: ActivationsOptions,
): Promise<Figure> {
  const columns = options.columns ?? 3;
  if (!Number.isInteger(columns) || columns < 1)
    throw new ValueError(`columns must be a whole number from 1, got ${quote(columns)}`);
  if (functions.length === 0) throw new ValueError("plotActivations needs at least one function");
  const xs = await readColumn(x, "x");
  const xAxis = makeAxis(xs, "x", undefined, undefined, TICKS);
  const panels: Panel[] = [];
  for (const [i, item] of functions.entries()) {
    const { name, model } = named(item, i);
    const output: Tensor = evaluate(model, batchFor(model, xs, [xs.length]));
    const values = Array.from(await output.data(), Number);
    if (values.length !== xs.length) {
      throw new ShapeError(
        `${name} gave ${values.length} values for ${xs.length}; an activation keeps the shape`,
      );
    }
    const yAxis = makeAxis(values, "y", undefined, undefined, TICKS);
    const line = clipLine(curve(xs, values), xAxis.range, yAxis.range);
    const style = { x: "0", y: "1", stroke: colorOf(i), strokeWidth: 3, strokeLinejoin: "round" } as const;
    panels.push({
      width: 220,
      height: 170,
      title: name,
      x: xAxis,
      y: yAxis,
      xLabel: "x",
      yLabel: "output",
      marks: [Plot.line(line, style)],
    });
  }
  const names = panels.map((panel) => panel.title).join(", ");
  return drawFigure({ title: options.title, description: `Activation functions: ${names}`, columns, panels });
}

/** The function to run and the name to show: a class is made an instance, a module goes by its class. */
function named(item: ActivationClass | Model, index: number): { name: string; model: Model } {
  if (typeof item !== "function")
    throw new ValueError(`function ${index} is neither a class of modules nor a function`);
  const { prototype } = item as { prototype?: { forward?: unknown } };
  if (typeof prototype?.forward === "function")
    return { name: item.name, model: new (item as ActivationClass)() };
  const model = item as Model;
  const isModule = typeof (model as { forward?: unknown }).forward === "function";
  return { name: (isModule ? model.constructor.name : model.name) || `Function ${index + 1}`, model };
}
