/**
 * The two charts, as SVG.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { SvgDocument, type SvgElement } from "../../../packages/plot/src/svg-document.ts";
import { type LibraryId, libraries, libraryIds } from "./libraries.ts";
import { medianOf, type Result, ratio } from "./results.ts";
import type { GrowthPanel } from "./work.ts";

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";
const LEGEND = 40;
const GRID = { stroke: "#e4e7eb", strokeOpacity: 1 };

/** One line of text for each tick: 10 us, 1 ms, 100 ms. */
function timeTick(ms: number): string {
  return ms >= 1000 ? `${ms / 1000} s` : ms >= 1 ? `${ms} ms` : `${Number((ms * 1000).toPrecision(3))} us`;
}

/** The numbers 1, 2, 5 (or fewer of them) times a power of ten among the values. */
function rounded(values: readonly number[], leading: readonly number[]): number[] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const powers = Array.from({ length: 24 }, (_, i) => i - 12);
  const all = powers.flatMap((power) => leading.map((digit) => Number(`${digit}e${power}`)));
  return all.filter((value) => value >= least && value <= most);
}

/** Plots side by side under a legend of the libraries that they show. */
function picture(plots: SvgElement[], shown: readonly LibraryId[], description: string): string {
  const document = new SvgDocument();
  const size = (name: string): number[] => plots.map((plot) => Number(plot.getAttribute(name)));
  const panelsWidth = size("width").reduce((sum, value) => sum + value, 0);
  const width = Math.max(panelsWidth, 20 + shown.length * 130);
  const height = LEGEND + Math.max(...size("height"));
  let x = 0;
  const placed = plots.map((plot) => {
    const group = document.element("g", { transform: `translate(${x},${LEGEND})`, "text-anchor": "middle" });
    x += Number(plot.getAttribute("width"));
    // Plot's style element is for pages; what it sets stands on the whole picture.
    for (const child of plot.childNodes)
      if (!("tagName" in child && child.tagName === "style")) group.appendChild(child);
    return group;
  });
  const entries = shown.map((id, i) =>
    document.element("g", { transform: `translate(${20 + i * 130},20)` }, [
      document.element("rect", { width: 14, height: 14, y: -7, fill: libraries[id].color }),
      document.element("text", { x: 20, dy: "0.35em" }, [libraries[id].name]),
    ]),
  );
  const paper = document.element("rect", { width, height, fill: "#ffffff" });
  const attributes = {
    xmlns: "http://www.w3.org/2000/svg",
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    role: "img",
    "aria-label": description,
    color: "#24292f",
    fill: "currentColor",
    "font-family": FONT,
    "font-size": 12,
    "text-anchor": "start",
  };
  return `${document.element("svg", attributes, [paper, ...entries, ...placed])}\n`;
}

function draw(options: Plot.PlotOptions): SvgElement {
  // Plot's types ask for the browser's Document; SvgDocument has what Plot calls.
  return Plot.plot({ ...options, document: new SvgDocument() as never }) as unknown as SvgElement;
}

/** A mark for each library, in its colour. */
function each<T extends { readonly library: LibraryId }>(
  data: readonly T[],
  mark: (own: T[], color: string) => Plot.Markish,
): Plot.Markish[] {
  return libraryIds.map((id) =>
    mark(
      data.filter(({ library }) => library === id),
      libraries[id].color,
    ),
  );
}

const panels: readonly { id: GrowthPanel; title: string; size: string }[] = [
  { id: "matmul", title: "matmul", size: "rows and columns" },
  { id: "elementwise", title: "exp", size: "elements" },
  { id: "step", title: "MLP 784-n-10, batch 64, Adam step", size: "hidden units n" },
];

/** Time against size, a line for each library, both axes logarithmic. Only results of `threads` threads. */
export function growthChart(results: readonly Result[], threads: number): string {
  const points = results.flatMap((result) => {
    const { growth } = result;
    if (growth === undefined || result.threads !== threads) return [];
    // The other elementwise operations are measured at three sizes only.
    if (growth.panel === "elementwise" && growth.curve !== "exp") return [];
    return libraryIds.flatMap((library) => {
      const time = medianOf(result, library);
      return time === undefined ? [] : [{ library, panel: growth.panel, size: growth.size, time }];
    });
  });
  const plots = panels
    .map((panel) => ({ panel, lines: points.filter((point) => point.panel === panel.id) }))
    .filter(({ lines }) => lines.length > 0)
    .map(({ panel, lines }) => {
      const sizes = [...new Set(lines.map(({ size }) => size))];
      const times = rounded(
        lines.map(({ time }) => time),
        [1],
      );
      return draw({
        width: 400,
        height: 340,
        marginLeft: 60,
        marginRight: 20,
        marginTop: 36,
        marginBottom: 44,
        x: { type: "log", axis: null },
        y: { type: "log", axis: null },
        marks: [
          Plot.gridY(times, GRID),
          Plot.frame({ stroke: "#b8bec6" }),
          Plot.axisX(sizes, {
            label: null,
            text: (size: number) => (size >= 1e4 ? `1e${Math.log10(size)}` : `${size}`),
          }),
          Plot.axisY(times, { label: null, text: timeTick }),
          ...each(lines, (own, stroke) =>
            Plot.line(own, { x: "size", y: "time", stroke, strokeWidth: 2, sort: "size" }),
          ),
          ...each(lines, (own, fill) => Plot.dot(own, { x: "size", y: "time", fill, r: 3 })),
          Plot.text([panel.title], { frameAnchor: "top", dy: -20, fontWeight: 600, fontSize: 13 }),
          Plot.text([panel.size], { frameAnchor: "bottom", dy: 34 }),
        ],
      });
    });
  const shown = libraryIds.filter((id) => points.some(({ library }) => library === id));
  return picture(plots, shown, "Time against size for each library");
}

/** How many times as fast this library is as each other one, a dot for each, on a logarithmic axis. */
export function ratioChart(results: readonly Result[]): string {
  const others = libraryIds.filter((id) => id !== "flambeau");
  const label = ({ title, threads }: Result): string =>
    threads > 1 ? `${title} (${threads} threads)` : title;
  const dots = results.flatMap((result) =>
    others.flatMap((library) => {
      const times = ratio(result, library);
      return times === undefined ? [] : [{ library, work: label(result), times }];
    }),
  );
  const works = [...new Set(dots.map(({ work }) => work))];
  if (works.length === 0) return picture([], [], "Nothing to compare");
  const ticks = rounded(
    dots.map(({ times }) => times),
    [1, 2, 5],
  );
  const plot = draw({
    width: 1000,
    height: 70 + works.length * 20,
    marginLeft: 400,
    marginRight: 30,
    marginTop: 36,
    marginBottom: 34,
    x: { type: "log", axis: null },
    y: { type: "point", domain: works, label: null, tickSize: 0 },
    marks: [
      Plot.gridX(ticks, GRID),
      Plot.gridY(works, GRID),
      Plot.ruleX([1], { stroke: libraries.flambeau.color, strokeWidth: 1.5 }),
      Plot.axisX(ticks, { label: null, text: (times: number) => `${times}x` }),
      ...each(dots, (own, fill) => Plot.dot(own, { x: "times", y: "work", fill, r: 4.5 })),
      Plot.text(["times as fast as the other library (right of the line Flambeau is faster)"], {
        frameAnchor: "top",
        dy: -20,
      }),
    ],
  });
  const shown = others.filter((id) => dots.some(({ library }) => library === id));
  return picture([plot], shown, "How many times as fast Flambeau is as each library");
}
