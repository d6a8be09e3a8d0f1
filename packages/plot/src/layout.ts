import * as Plot from "@observablehq/plot";
import type { Axis } from "./axis.ts";
import { Figure } from "./figure.ts";
import { SvgDocument, type SvgElement } from "./svg-document.ts";
import { FONT, FONT_SIZE, FRAME, GRID, INK, PAPER, TITLE_SIZE } from "./theme.ts";

/** One pair of axes with what is drawn on it. Width and height are those of the frame, without labels. */
export interface Panel {
  readonly width: number;
  readonly height: number;
  readonly x: Axis;
  readonly y: Axis;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly title?: string;
  /** The letters of the longest tick of y, where they are names; room is made for them. */
  readonly letters?: number;
  /** Drawn under the grid. */
  readonly background?: Plot.Markish[];
  readonly marks: Plot.Markish[];
}

/** A line of the legend: a dot, a stroke (dashed or not), or a heading when it has neither. */
export interface LegendEntry {
  readonly label: string;
  readonly dot?: string;
  readonly stroke?: string;
  readonly dash?: string;
  /** A filled square, as in a colour scale. */
  readonly square?: string;
}

/** A whole picture: panels in rows of `columns`, a legend at their right. */
export interface Layout {
  readonly title?: string;
  /** What the picture shows, for those who hear it. */
  readonly description: string;
  readonly columns: number;
  readonly panels: readonly Panel[];
  readonly legend?: readonly LegendEntry[];
}

/** Room around a frame for its ticks, labels and title. */
const MARGIN = { left: 66, right: 18, bottom: 52, top: 14, title: 22 };
const LEGEND = { line: 22, symbol: 26, letter: 7.2, gap: 8 };

/** The room at the left of a frame. */
function leftOf({ letters = 0 }: Panel): number {
  return Math.max(MARGIN.left, Math.ceil(34 + letters * LEGEND.letter));
}

/** Draws one panel and hands back its group, with the frame's outer corner at (0, 0). */
function drawPanel(
  document: SvgDocument,
  panel: Panel,
): { group: SvgElement; width: number; height: number } {
  const top = MARGIN.top + (panel.title === undefined ? 0 : MARGIN.title);
  const left = leftOf(panel);
  const width = left + panel.width + MARGIN.right;
  const height = top + panel.height + MARGIN.bottom;
  const svg = Plot.plot({
    // Plot's types ask for the browser's Document; SvgDocument has what Plot calls (see svg-document.ts).
    document: document as never,
    className: "figure",
    width,
    height,
    marginLeft: left,
    marginRight: MARGIN.right,
    marginTop: top,
    marginBottom: MARGIN.bottom,
    x: { type: "linear", domain: [...panel.x.range], axis: null },
    y: { type: "linear", domain: [...panel.y.range], axis: null },
    color: { type: "identity" },
    marks: [
      ...(panel.background ?? []),
      Plot.gridX(panel.x.ticks, { stroke: GRID, strokeOpacity: 1 }),
      Plot.gridY(panel.y.ticks, { stroke: GRID, strokeOpacity: 1 }),
      Plot.frame({ stroke: FRAME }),
      ...panel.marks,
      Plot.axisX(panel.x.ticks, {
        label: null,
        tickFormat: panel.x.format,
        tickSize: 5,
        fontSize: FONT_SIZE - 1,
      }),
      Plot.axisY(panel.y.ticks, {
        label: null,
        tickFormat: panel.y.format,
        tickSize: 5,
        fontSize: FONT_SIZE - 1,
      }),
    ],
  }) as unknown as SvgElement;
  const middle = left + panel.width / 2;
  const group = document.element("g", { "text-anchor": "middle", fill: "currentColor" }, [
    // Plot's style element is for pages; its rules would reach other figures on the same one.
    ...svg.childNodes.filter((node) => "tagName" in node && node.tagName !== "style"),
    document.element("text", { x: middle, y: height - 10 }, [panel.xLabel]),
    document.element("text", { transform: `translate(16,${top + panel.height / 2}) rotate(-90)` }, [
      panel.yLabel,
    ]),
  ]);
  if (panel.title !== undefined) {
    group.appendChild(
      document.element("text", { x: middle, y: top - 10, "font-weight": 600 }, [panel.title]),
    );
  }
  return { group, width, height };
}

function drawLegend(document: SvgDocument, entries: readonly LegendEntry[]): SvgElement {
  return document.element(
    "g",
    { fill: "currentColor" },
    entries.map((entry, i) => {
      const y = i * LEGEND.line;
      const symbols: SvgElement[] = [];
      if (entry.square !== undefined) {
        symbols.push(
          document.element("rect", {
            x: 0,
            y: y - LEGEND.line / 2,
            width: 18,
            height: LEGEND.line,
            fill: entry.square,
          }),
        );
      }
      if (entry.stroke !== undefined) {
        const attributes = { x1: 0, x2: 18, y1: y, y2: y, stroke: entry.stroke, "stroke-width": 3 };
        symbols.push(
          document.element(
            "line",
            entry.dash === undefined ? attributes : { ...attributes, "stroke-dasharray": entry.dash },
          ),
        );
      }
      if (entry.dot !== undefined) {
        symbols.push(
          document.element("path", { d: `M4,${y}a5,5,0,1,0,10,0a5,5,0,1,0,-10,0Z`, fill: entry.dot }),
        );
      }
      const text = document.element(
        "text",
        { x: symbols.length === 0 ? 0 : LEGEND.symbol, y, dy: "0.32em" },
        [entry.label],
      );
      return document.element("g", {}, [...symbols, text]);
    }),
  );
}

/** Puts the panels and the legend together and writes the picture. */
export function drawFigure(layout: Layout): Figure {
  const document = new SvgDocument();
  const head = layout.title === undefined ? 0 : TITLE_SIZE + 18;
  const parts: SvgElement[] = [];
  let x = 0;
  let y = head;
  let rowHeight = 0;
  let right = 0;
  layout.panels.forEach((panel, i) => {
    if (i > 0 && i % layout.columns === 0) {
      x = 0;
      y += rowHeight;
      rowHeight = 0;
    }
    const drawn = drawPanel(document, panel);
    drawn.group.setAttribute("transform", `translate(${x},${y})`);
    parts.push(drawn.group);
    x += drawn.width;
    right = Math.max(right, x);
    rowHeight = Math.max(rowHeight, drawn.height);
  });
  const panelsWidth = right;
  const height = y + rowHeight;
  if (layout.legend !== undefined && layout.legend.length > 0) {
    const legend = drawLegend(document, layout.legend);
    legend.setAttribute("transform", `translate(${right + LEGEND.gap},${head + MARGIN.top + LEGEND.line})`);
    parts.push(legend);
    const longest = Math.max(...layout.legend.map((entry) => entry.label.length));
    right += Math.ceil(LEGEND.gap * 2 + LEGEND.symbol + longest * LEGEND.letter);
  }
  if (layout.title !== undefined) {
    const center = (leftOf(layout.panels[0]) + panelsWidth - MARGIN.right) / 2;
    const attributes = {
      x: center,
      y: TITLE_SIZE + 10,
      "font-size": TITLE_SIZE,
      "font-weight": 600,
      "text-anchor": "middle",
    };
    parts.unshift(document.element("text", { ...attributes, fill: "currentColor" }, [layout.title]));
  }
  const svg = document.element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      width: right,
      height,
      viewBox: `0 0 ${right} ${height}`,
      role: "img",
      "aria-label": layout.description,
      color: INK,
      "font-family": FONT,
      "font-size": FONT_SIZE,
    },
    [document.element("rect", { width: right, height, fill: PAPER }), ...parts],
  );
  return new Figure(String(svg), right, height);
}
