import { contours } from "d3-contour";
import { clipLine, type Point } from "./lines.ts";
import type { Range } from "./range.ts";

const PEN_UP: Point = [Number.NaN, Number.NaN];

/**
 * A square lattice of sample points over a frame and one step beyond it, so that contours reach the frame's
 * edge.
 */
export interface Lattice {
  readonly xRange: Range;
  readonly yRange: Range;
  /** Steps across the frame; there are `steps + 3` samples a side. */
  readonly steps: number;
}

/** The samples of a lattice as rows [x, y], x running fastest. */
export function samplePoints({ xRange, yRange, steps }: Lattice): number[] {
  const points: number[] = [];
  for (let j = -1; j <= steps + 1; j++) {
    for (let i = -1; i <= steps + 1; i++) points.push(along(xRange, i / steps), along(yRange, j / steps));
  }
  return points;
}

function along([low, high]: Range, part: number): number {
  return low + part * (high - low);
}

/** Where the sampled function is at least some level: the area to fill, and its border inside the frame. */
export interface Region {
  readonly area: Point[];
  readonly border: Point[];
}

/** The region where `values`, sampled on the lattice, reach `level` (marching squares, by d3-contour). */
export function regionAbove(lattice: Lattice, values: readonly number[], level: number): Region {
  const { xRange, yRange, steps } = lattice;
  const side = steps + 3;
  const area: Point[] = [];
  const border: Point[] = [];
  // d3-contour puts sample k at k + 0.5, and sample 1 is the frame's low edge.
  const place = ([u, v]: number[]): Point => [
    along(xRange, (u - 1.5) / steps),
    along(yRange, (v - 1.5) / steps),
  ];
  for (const polygon of contours()
    .size([side, side])
    .contour([...values], level).coordinates) {
    for (const ring of polygon) {
      const points = ring.map(place);
      append(area, clipRing(points, xRange, yRange));
      append(border, clipLine(points, xRange, yRange));
    }
  }
  return { area, border };
}

function append(list: Point[], piece: readonly Point[]): void {
  if (piece.length === 0) return;
  if (list.length > 0) list.push(PEN_UP);
  list.push(...piece);
}

/**
 * The part of a closed ring inside the frame, one edge of the frame after the other (Sutherland and Hodgman,
 * "Reentrant polygon clipping", 1974). Pieces of a concave ring stay joined along the edge, which a fill does
 * not show.
 */
function clipRing(ring: readonly Point[], xRange: Range, yRange: Range): Point[] {
  const edges: [axis: 0 | 1, sign: 1 | -1, limit: number][] = [
    [0, 1, xRange[0]],
    [0, -1, xRange[1]],
    [1, 1, yRange[0]],
    [1, -1, yRange[1]],
  ];
  let points = ring.slice(0, -1); // a GeoJSON ring repeats its first point
  for (const [axis, sign, limit] of edges) {
    const depth = (point: Point): number => sign * (point[axis] - limit);
    points = points.flatMap((point, i) => {
      const previous = points.at(i - 1) as Point;
      const here = depth(point);
      const before = depth(previous);
      const kept: Point[] = here >= 0 ? [point] : [];
      if (here >= 0 === before >= 0) return kept;
      const part = before / (before - here);
      const cut: Point = [
        previous[0] + part * (point[0] - previous[0]),
        previous[1] + part * (point[1] - previous[1]),
      ];
      return [cut, ...kept];
    });
  }
  return points.length > 0 ? [...points, points[0]] : [];
}
