import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { makeAxis } from "../src/axis.ts";
import { clipLine, inside, type Point } from "../src/lines.ts";
import type { Range } from "../src/range.ts";
import { regionAbove, samplePoints } from "../src/regions.ts";
import { SvgDocument } from "../src/svg-document.ts";

const frame: Range = [-1, 1];
const coordinate = fc.double({ min: -4, max: 4, noNaN: true });
const penDown = (points: readonly Point[]): Point[] => points.filter(([x]) => !Number.isNaN(x));

/** The area of closed rings between pen lifts; holes run the other way round and count negative. */
function area(points: readonly Point[]): number {
  let sum = 0;
  for (let i = 1; i < points.length; i++) {
    const twice = points[i - 1][0] * points[i][1] - points[i][0] * points[i - 1][1];
    if (!Number.isNaN(twice)) sum += twice / 2;
  }
  return Math.abs(sum);
}

describe("clipLine", () => {
  test("keeps what lies inside, cuts at the frame, invents nothing", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(coordinate, coordinate), { maxLength: 20 }), (points) => {
        const clipped = clipLine(points, frame, frame);
        const near: Range = [-1 - 1e-9, 1 + 1e-9];
        for (const point of penDown(clipped)) assert.ok(inside(point, near, near));
        if (points.length > 1) {
          for (const point of points.filter((p) => inside(p, frame, frame))) {
            assert.ok(clipped.some(([x, y]) => x === point[0] && y === point[1]));
          }
        }
      }),
    );
  });

  test("lifts the pen where the line leaves the frame", () => {
    const clipped = clipLine(
      [
        [0, 0],
        [2, 0],
        [2, 0.5],
        [0, 0.5],
      ],
      frame,
      frame,
    );
    assert.deepEqual(clipped, [
      [0, 0],
      [1, 0],
      [Number.NaN, Number.NaN],
      [1, 0.5],
      [0, 0.5],
    ]);
  });
});

describe("regionAbove", () => {
  const sample = (f: (x: number, y: number) => number, steps: number) => {
    const lattice = { xRange: frame, yRange: frame, steps };
    const points = samplePoints(lattice);
    const values = Array.from({ length: points.length / 2 }, (_, i) => f(points[2 * i], points[2 * i + 1]));
    return regionAbove(lattice, values, 0);
  };

  test("a disc, a ring and a disc that the frame cuts have their areas", () => {
    const disc = sample((x, y) => 0.8 - Math.hypot(x, y), 100);
    assert.ok(Math.abs(area(disc.area) - Math.PI * 0.64) < 2e-3);
    const ring = sample((x, y) => 0.2 - Math.abs(Math.hypot(x, y) - 0.6), 100);
    assert.ok(Math.abs(area(ring.area) - Math.PI * (0.64 - 0.16)) < 5e-3);
    const corner = sample((x, y) => 1 - Math.hypot(x - 1, y - 1), 100);
    assert.ok(Math.abs(area(corner.area) - Math.PI / 4) < 2e-3);
    assert.ok(
      corner.border.every(([x, y]) => Number.isNaN(x) || Math.abs(Math.hypot(x - 1, y - 1) - 1) < 1e-3),
    );
  });

  test("a half plane is cut exactly, and the frame's own edge is no border", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 6.28, noNaN: true }),
        fc.double({ min: -0.9, max: 0.9, noNaN: true }),
        (angle, offset) => {
          const f = (x: number, y: number): number => Math.cos(angle) * x + Math.sin(angle) * y - offset;
          const above = sample(f, 20);
          const below = sample((x, y) => -f(x, y), 20);
          assert.ok(Math.abs(area(above.area) + area(below.area) - 4) < 1e-6);
          for (const [x, y] of penDown(above.border)) assert.ok(Math.abs(f(x, y)) < 1e-6);
        },
      ),
    );
  });

  test("all or nothing", () => {
    const all = sample(() => 1, 10);
    assert.ok(Math.abs(area(all.area) - 4) < 1e-9);
    assert.deepEqual(all.border, []);
    assert.deepEqual(
      sample(() => -1, 10),
      { area: [], border: [] },
    );
  });
});

describe("makeAxis", () => {
  const labels = (values: number[], range?: Range, step?: number): string[] => {
    const axis = makeAxis(values, "x", range, step);
    return axis.ticks.map(axis.format);
  };

  test("round ticks that hold the data", () => {
    assert.deepEqual(labels([0.3, 9.2]), ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]);
    assert.deepEqual(labels([-0.05, 0.05]), [
      "\u22120.05",
      "\u22120.04",
      "\u22120.03",
      "\u22120.02",
      "\u22120.01",
      "0.00",
      "0.01",
      "0.02",
      "0.03",
      "0.04",
      "0.05",
    ]);
    assert.deepEqual(labels([7, 7]).at(0), "6.0");
    assert.deepEqual(labels([0, 4e6]).slice(0, 3), ["0", "5.0e5", "1.0e6"]);
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1 }), (values) => {
        const { range, ticks } = makeAxis(values, "x");
        assert.ok(range[0] < range[1] && ticks.length >= 2 && ticks.length <= 13);
        const slack = 1e-6 * (range[1] - range[0]);
        assert.ok(values.every((value) => value >= range[0] - slack && value <= range[1] + slack));
      }),
    );
  });

  test("a given step counts from the low end", () => {
    assert.deepEqual(labels([], [-25, 25], 10), ["\u221225", "\u221215", "\u22125", "5", "15", "25"]);
    assert.deepEqual(labels([], [0, 1], 0.2), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
    assert.deepEqual(labels([], [-2.5, 1.5], 1), ["\u22122.5", "\u22121.5", "\u22120.5", "0.5", "1.5"]);
  });
});

describe("SvgDocument", () => {
  test("writes what the DOM would, with rounded geometry", () => {
    const document = new SvgDocument();
    const group = document.element("g", { d: "M1.23456,-0.001L1e-7,2", label: "0.12345 <&>", width: 2 / 3 });
    const text = group.appendChild(document.element("text", {}, ["a"]));
    group.insertBefore(document.element("line"), text);
    text.textContent = "1 < 2";
    assert.equal(
      String(group),
      '<g d="M1.23,0L0,2" label="0.12345 &lt;&amp;&gt;" width="0.67"><line/><text>1 &lt; 2</text></g>',
    );
    group.removeChild(text);
    assert.equal(group.childNodes.length, 1);
    assert.throws(() => document.createElementNS("http://www.w3.org/1999/xhtml", "div"), /SVG elements only/);
  });
});
