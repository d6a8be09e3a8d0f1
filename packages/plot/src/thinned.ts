import type { Point } from "./lines.ts";
import type { Range } from "./range.ts";

/** Points of a pixel's width that a line through all of them shows. */
const KEPT = 4;

/**
 * A polyline of few points that looks as one of many does: of those in a pixel's column it keeps the first, the lowest, the highest and
 * the last. Lines that go back in x, and short ones, stay as they are. Source: U. Jugel, Z. Jerzak, G. Hackenbroich and V. Markl, "M4: A
 * Visualization-Oriented Time Series Data Aggregation", VLDB 2014.
 *
 * @param columns - how many pixels the range is wide.
 */
export function thinned(points: readonly Point[], [low, high]: Range, columns: number): readonly Point[] {
  if (points.length <= KEPT * columns || !isForward(points)) return points;
  const kept: Point[] = [];
  let start = 0;
  while (start < points.length) {
    const column = columnOf(points[start]);
    let end = start + 1;
    while (end < points.length && Object.is(columnOf(points[end]), column)) end++;
    // What is not finite has no column: one gap is as good as many.
    if (Number.isNaN(column)) kept.push(points[start]);
    else keep(points, start, end, kept);
    start = end;
  }
  return kept;

  function columnOf([x, y]: Point): number {
    return Number.isFinite(y) ? Math.floor(((x - low) / (high - low)) * columns) : Number.NaN;
  }
}

function isForward(points: readonly Point[]): boolean {
  return points.every(([x], i) => i === 0 || x >= points[i - 1][0]);
}

/** Appends what is kept of `points[start]` to `points[end - 1]`, in order. */
function keep(points: readonly Point[], start: number, end: number, kept: Point[]): void {
  let lowest = start;
  let highest = start;
  for (let i = start + 1; i < end; i++) {
    if (points[i][1] < points[lowest][1]) lowest = i;
    if (points[i][1] > points[highest][1]) highest = i;
  }
  const chosen = new Set([start, Math.min(lowest, highest), Math.max(lowest, highest), end - 1]);
  for (const i of chosen) kept.push(points[i]);
}
