import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ShapeError, ValueError } from "@flambeau/backend";
import { type Figure, plotRegression } from "@flambeau/plot";
import { tensor } from "@flambeau/tensor";
import { walk } from "./xml.ts";

const X = Array.from({ length: 500 }, (_, i) => 3 * Math.sin(i * 1.7));
const y = X.map((x, i) => 45 * x + 20 * Math.sin(i * 3.1));
const circles = (figure: Figure): number => walk(figure.svg).count.get("circle") ?? 0;

/** The `d` of the only thick red line. */
function fittedLine(figure: Figure): [number, number][] {
  const [, d] = /stroke="#d62728" stroke-width="3"[^>]*><path d="([^"]+)"/.exec(
    figure.svg,
  ) as RegExpExecArray;
  return [...d.matchAll(/[ML](-?[\d.]+),(-?[\d.]+)/g)].map(([, a, b]) => [Number(a), Number(b)]);
}

describe("plotRegression", () => {
  test("draws one circle per observation, in well-formed XML without ids", async () => {
    const figure = await plotRegression(X, y);
    assert.equal(circles(figure), 500);
    assert.doesNotMatch(figure.svg, / (?:id|class)=|<style|url\(/);
    assert.equal(String(figure), figure.svg);
    assert.match(
      figure.svg,
      new RegExp(
        `^<svg xmlns="http://www.w3.org/2000/svg" width="${figure.width}" height="${figure.height}"`,
      ),
    );
  });

  test("reads tensors, columns, typed arrays and bigints alike", async () => {
    const whole = X.map((_, i) => i % 7);
    const expected = String(await plotRegression(whole, whole));
    const bigints = BigInt64Array.from(whole, BigInt);
    for (const form of [
      whole.map((v) => [v]),
      Float64Array.from(whole),
      bigints,
      tensor(whole),
      tensor(bigints),
    ]) {
      assert.equal(String(await plotRegression(form, form)), expected);
    }
    assert.equal(String(await plotRegression(tensor(whole).reshape([500, 1]), whole)), expected);
  });

  test("changes with the data and repeats itself for the same", async () => {
    const [a, b, c] = await Promise.all(
      [y, y, y.map((v) => v + 1)].map((values) => plotRegression(X, values)),
    );
    assert.equal(a.svg, b.svg);
    assert.notEqual(a.svg, c.svg);
  });

  test("gives the same geometry on every runtime", async () => {
    // The data come from Math.sin, whose last bit is each engine's own; rounding to a hundredth of a pixel hides it.
    const { svg } = await plotRegression(X, y, y);
    const geometry = [...svg.matchAll(/ (?:d|cx|cy)="[^"]+"/g)].join("");
    let hash = 0x811c9dc5; // FNV-1a
    for (const letter of geometry)
      hash = Math.imul(hash ^ (letter.codePointAt(0) as number), 0x01000193) >>> 0;
    assert.equal(hash.toString(16), "14191d9c");
  });

  test("draws the fitted line in the order of x, over the whole range", async () => {
    const figure = await plotRegression(
      X,
      y,
      X.map((x) => 45 * x),
    );
    const line = fittedLine(figure);
    assert.equal(line.length, 500);
    assert.ok(line.every(([x], i) => i === 0 || x >= line[i - 1][0]));
    assert.ok(
      line.every(([, v], i) => i === 0 || v <= line[i - 1][1]),
      "it rises, so pixels fall",
    );
    assert.ok(walk(figure.svg).texts.includes("Fitted line"));
  });

  test("a curve without data has no legend of a fit", async () => {
    const figure = await plotRegression(X, [1e6], y, { yRange: [-200, 200] });
    assert.equal(circles(figure), 0);
    assert.ok(fittedLine(figure).length > 100);
    assert.ok(!walk(figure.svg).texts.includes("Fitted line"));
    assert.match(figure.svg, /aria-label="A curve of y over x"/);
  });

  test("keeps points and line inside the given ranges, and sets the ticks", async () => {
    const figure = await plotRegression(
      X,
      y,
      X.map((x) => 45 * x),
      { xRange: [-2, 2], yRange: [-50, 50], dx: 1, dy: 25 },
    );
    const seen = X.filter((x, i) => Math.abs(x) <= 2 && Math.abs(y[i]) <= 50).length;
    assert.ok(seen > 0 && seen < 500);
    assert.equal(circles(figure), seen);
    const line = fittedLine(figure);
    // The frame: 420 by 380 pixels from (66, 14). The line leaves it through the bottom and the top.
    assert.deepEqual([line[0][1], (line.at(-1) as number[])[1]], [394, 14]);
    assert.ok(Math.abs(line[0][0] - (66 + 420 * ((-50 / 45 + 2) / 4))) < 0.011);
    const { texts } = walk(figure.svg);
    assert.deepEqual(texts.slice(0, 10), [
      "\u22122",
      "\u22121",
      "0",
      "1",
      "2",
      "\u221250",
      "\u221225",
      "0",
      "25",
      "50",
    ]);
  });

  test("draws a curve without data, as the chapter does for the sigmoid", async () => {
    const xs = Array.from({ length: 100 }, (_, i) => -15 + (30 * i) / 99);
    const curve = xs.map((x) => 1 / (1 + Math.exp(-x)));
    const figure = await plotRegression(xs, [0], curve, { xRange: [-5, 5], yRange: [0, 1], dy: 0.2 });
    assert.equal(circles(figure), 0, "the one point, at x = -15, lies outside");
    assert.ok(fittedLine(figure).length > 30);
    assert.ok(walk(figure.svg).texts.includes("0.2"));
  });

  test("escapes the title, and copes with one point, none and missing values", async () => {
    assert.ok(
      walk((await plotRegression([1], [1], null, { title: `a < b & "c"` })).svg).texts.includes(
        `a < b & "c"`,
      ),
    );
    assert.equal(circles(await plotRegression([5], [5])), 1);
    assert.equal(circles(await plotRegression([], [])), 0);
    const figure = await plotRegression(
      [1, 2, 3],
      [1, Number.NaN, 3],
      [1, Number.NaN, Number.POSITIVE_INFINITY],
    );
    assert.equal(circles(figure), 2);
    assert.doesNotMatch(figure.svg, /NaN|Infinity/);
  });

  test("refuses what does not fit", async () => {
    await assert.rejects(plotRegression([1, 2, 3], [1, 2]), {
      name: "ShapeError",
      message: "X and y must have one value per observation: X has 3, y has 2",
    });
    await assert.rejects(plotRegression([1, 2], [1, 2], [1]), ShapeError);
    await assert.rejects(plotRegression([[1, 2]], [1]), /shape \[n\] or \[n, 1\], got shape \[1, 2\]/);
    await assert.rejects(plotRegression([[1], [2, 3]], [1, 2]), /row 0 has 1 values and row 1 has 2/);
    await assert.rejects(plotRegression(["a"] as never, [1]), ValueError);
    await assert.rejects(plotRegression(undefined as never, [1]), ValueError);
    await assert.rejects(plotRegression([1], [1], null, { xRange: [3, -3] }), ValueError);
    await assert.rejects(plotRegression([1], [1], null, { dy: 0 }), ValueError);
    await assert.rejects(plotRegression([0, 1e9], [0, 1e9], null, { dy: 1 }), /more than 200 ticks/);
  });
});
