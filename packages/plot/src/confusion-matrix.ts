import { quote, ShapeError, ValueError } from "@flambeau/backend";
import * as Plot from "@observablehq/plot";
import type { Axis } from "./axis.ts";
import { readMatrix, type Values } from "./data.ts";
import type { Figure } from "./figure.ts";
import { drawFigure } from "./layout.ts";
import { colorOf, FONT_SIZE, INK, mix, PAPER } from "./theme.ts";

/** Options of {@link plotConfusionMatrix}. */
export interface ConfusionMatrixOptions {
  /** A line above the picture; none when left out. */
  title?: string;
}

/** The least size of a cell, and what a letter of a name takes. */
const CELL = 46;
const LETTER = 7.2;

/** See `plotConfusionMatrix` of the package. */
export async function plotConfusionMatrix(
  matrix: Values,
  labels: readonly unknown[] | null,
  options: ConfusionMatrixOptions,
): Promise<Figure> {
  const { rows, columns, data } = await readMatrix(matrix, "matrix");
  if (rows !== columns || rows === 0)
    throw new ShapeError(
      `a confusion matrix has a row and a column for each class, got shape [${rows}, ${columns}]`,
    );
  const wrong = data.find((value) => !(value >= 0 && Number.isFinite(value)));
  if (wrong !== undefined)
    throw new ValueError(`matrix must hold counts or shares from 0, found ${quote(wrong)}`);
  if (labels !== null && labels.length !== rows)
    throw new ValueError(`labels must have one name for each of ${rows} classes, got ${labels.length}`);
  const names = Array.from({ length: rows }, (_, i) => String(labels?.[i] ?? i));
  const most = data.reduce((a, b) => Math.max(a, b), 0);
  const isWhole = data.every(Number.isInteger);
  const cells = data.map((value, i) => {
    const part = most === 0 ? 0 : value / most;
    const x = i % columns;
    // The first row is the uppermost.
    const y = rows - 1 - Math.floor(i / columns);
    const text = isWhole ? String(value) : value.toFixed(2);
    return {
      x,
      y,
      right: x + 1,
      top: y + 1,
      fill: mix(PAPER, colorOf(0), part),
      ink: part > 0.6 ? PAPER : INK,
      text,
    };
  });
  const marks = [
    Plot.rect(cells, { x1: "x", x2: "right", y1: "y", y2: "top", fill: "fill" }),
    Plot.text(cells, {
      x: (c) => c.x + 0.5,
      y: (c) => c.y + 0.5,
      text: "text",
      fill: "ink",
      fontSize: FONT_SIZE,
    }),
  ];
  const letters = Math.max(...names.map(({ length }) => length));
  const cell = Math.max(CELL, Math.ceil((letters + 1) * LETTER));
  const axisOf = (list: readonly string[]): Axis => ({
    range: [0, rows],
    ticks: list.map((_, i) => i + 0.5),
    format: (value) => list[Math.floor(value)],
  });
  return drawFigure({
    title: options.title,
    description: `A confusion matrix of ${rows} classes: ${names.join(", ")}`,
    columns: 1,
    panels: [
      {
        width: Math.max(3, rows) * cell,
        height: Math.max(3, rows) * CELL,
        x: axisOf(names),
        y: axisOf([...names].reverse()),
        letters,
        xLabel: "predicted",
        yLabel: "true",
        marks,
      },
    ],
  });
}
