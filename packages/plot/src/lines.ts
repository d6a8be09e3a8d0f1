import type { Range } from "./range.ts";

/** A point in data coordinates; `[NaN, NaN]` lifts the pen. */
export type Point = readonly [number, number];

const PEN_UP: Point = [Number.NaN, Number.NaN];

/** Whether a point lies in the frame. */
export function inside([x, y]: Point, xRange: Range, yRange: Range): boolean {
  return x >= xRange[0] && x <= xRange[1] && y >= yRange[0] && y <= yRange[1];
}

/**
 * The part of a polyline that lies in the frame, segment by segment (Liang and Barsky, "A new concept and
 * method for line clipping", 1984). Clipping the geometry, rather than with an SVG clip path, keeps figures
 * free of ids, which would clash when several stand on one page.
 */
export function clipLine(points: readonly Point[], xRange: Range, yRange: Range): Point[] {
  const out: Point[] = [];
  let pen: Point = PEN_UP;
  for (let i = 1; i < points.length; i++) {
    const part = clipSegment(points[i - 1], points[i], xRange, yRange);
    if (part === null) continue;
    const [from, to] = part;
    if (from[0] !== pen[0] || from[1] !== pen[1]) {
      if (out.length > 0) out.push(PEN_UP);
      out.push(from);
    }
    out.push(to);
    pen = to;
  }
  return out;
}

function clipSegment(a: Point, b: Point, xRange: Range, yRange: Range): [Point, Point] | null {
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  if (!Number.isFinite(dx) || !Number.isFinite(dy)) return null;
  let start = 0;
  let end = 1;
  const borders: [number, number][] = [
    [-dx, a[0] - xRange[0]],
    [dx, xRange[1] - a[0]],
    [-dy, a[1] - yRange[0]],
    [dy, yRange[1] - a[1]],
  ];
  for (const [toward, room] of borders) {
    if (toward === 0) {
      if (room < 0) return null;
    } else if (toward < 0) start = Math.max(start, room / toward);
    else end = Math.min(end, room / toward);
  }
  if (start > end) return null;
  return [
    start === 0 ? a : [a[0] + start * dx, a[1] + start * dy],
    end === 1 ? b : [a[0] + end * dx, a[1] + end * dy],
  ];
}

/**
 * Pairs `x[i], y[i]` in the order of x, which is how a curve has to be drawn whatever the order of the data.
 */
export function curve(x: ArrayLike<number>, y: ArrayLike<number>): Point[] {
  return Array.from(x, (value, i): Point => [value, y[i]])
    .filter(([a, b]) => Number.isFinite(a) && Number.isFinite(b))
    .sort((p, q) => p[0] - q[0]);
}
