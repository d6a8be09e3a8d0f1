/** The figures of training: curves, histograms, images, confusion matrices. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ShapeError, ValueError } from "@flambeau/backend";
import {
  type Figure,
  plotConfusionMatrix,
  plotHistogram,
  plotImages,
  plotLines,
  plotRegression,
} from "@flambeau/plot";
import { arange, tensor, zeros } from "@flambeau/tensor";
import { unzlibSync } from "fflate";
import { walk } from "./xml.ts";

const texts = (figure: Figure): string[] => walk(figure.svg).texts;
/** The pens' paths of curves, by stroke. */
const paths = (figure: Figure): string[] =>
  [...figure.svg.matchAll(/stroke-width="2"[^>]*><path d="([^"]+)"/g)].map(([, d]) => d);
const gaps = (d: string): number => (d.match(/M/g)?.length ?? 0) - 1;

describe("plotLines", () => {
  test("draws a curve for each name, with a legend", async () => {
    const figure = await plotLines([[3, 2, 1], tensor([3, 2.5, 2.2])], {
      labels: ["training", "validation"],
      yLabel: "loss",
    });
    assert.equal(paths(figure).length, 2);
    for (const text of ["training", "validation", "loss", "step"])
      assert.ok(texts(figure).includes(text), text);
  });

  test("one curve has no legend", async () => {
    const figure = await plotLines([3, 2, 1], { title: "Loss" });
    assert.equal(paths(figure).length, 1);
    assert.deepEqual(
      texts(figure).filter((text) => /[A-Za-z]/.test(text)),
      ["Loss", "step", "value"],
    );
  });

  test("curves of different lengths begin at 0, or stand at x", async () => {
    const figure = await plotLines([
      [0, 1, 2, 3],
      [0, 1],
    ]);
    const [a, b] = paths(figure).map((d) =>
      [...d.matchAll(/[ML]([\d.]+),([\d.]+)/g)].map(([, x]) => Number(x)),
    );
    assert.equal(a.length, 4);
    assert.deepEqual(b, a.slice(0, 2));
    const at = await plotLines([0, 1, 2, 3], [0, 10, 20, 30]);
    assert.ok(texts(at).includes("30"));
    await assert.rejects(plotLines([0, 1], [0, 1, 2]), ShapeError);
  });

  test("what is not finite is a gap", async () => {
    const [d] = paths(await plotLines([3, 2, Number.NaN, 1, 0.5]));
    assert.equal(gaps(d), 1);
    const nothing = await plotLines([Number.NaN, Number.NaN]);
    assert.deepEqual(paths(nothing), []);
  });

  test("a logarithmic axis has powers of ten, and leaves out what has none", async () => {
    const figure = await plotLines([100, 10, 0, 1e-5, 1e-6], { yScale: "log" });
    for (const tick of ["100", "1", "0.001", "1e\u22125"]) assert.ok(texts(figure).includes(tick), tick);
    assert.equal(gaps(paths(figure)[0]), 1);
    await assert.rejects(plotLines([1, 2], { yScale: "log", yRange: [0, 1] }), ValueError);
  });

  test("says what it takes", async () => {
    await assert.rejects(plotLines(zeros([0, 3])), /plotLines needs at least one curve/);
    await assert.rejects(plotLines(["a"] as never), /lines must hold numbers, found "a"/);
    await assert.rejects(plotLines([zeros([2, 2])]), /lines\[0\] must have one value per observation/);
    await assert.rejects(
      plotLines([1, 2], { labels: [] }),
      /labels must have one name for each of 1 curves, got 0/,
    );
  });
});

describe("plotHistogram", () => {
  /** Bars' heights in pixels. */
  const heights = (figure: Figure): number[] =>
    [...figure.svg.matchAll(/<rect x="[\d.]+" y="[\d.]+" width="[\d.]+" height="([\d.]+)"\/>/g)].map(
      ([, height]) => Number(height),
    );

  test("counts the values of each bin, its low end included", async () => {
    const values = [0, 1, 1, 2, 2, 2, 3];
    const figure = await plotHistogram(values, 3);
    // Of [0, 1), [1, 2), [2, 3].
    const [a, b, c] = heights(figure).map((height) => height + 1);
    assert.ok(Math.abs(b / a - 2) < 0.05 && Math.abs(c / a - 4) < 0.1, `${[a, b, c]}`);
    assert.match(figure.svg, /A histogram of 7 values in 3 bins/);
  });

  test("values beyond the range, nan and infinity are not counted", async () => {
    const values = [Number.NaN, Number.POSITIVE_INFINITY, -5, 0.5, 0.6];
    assert.match(
      (await plotHistogram(values, 2, { range: [0, 1] })).svg,
      /A histogram of 2 values in 2 bins/,
    );
    assert.match((await plotHistogram(tensor([2, 2]), 4)).svg, /A histogram of 2 values in 4 bins/);
    assert.match((await plotHistogram([], 4)).svg, /A histogram of 0 values in 4 bins/);
  });

  test("density is a label, and a share for each unit", async () => {
    const figure = await plotHistogram([0, 0.5, 1, 1], 2, { density: true });
    assert.ok(texts(figure).includes("density"));
    await assert.rejects(plotHistogram([1, 2], 0), /bins must be a whole number from 1, got 0/);
    await assert.rejects(plotHistogram([1, 2], 2, { range: [2, 1] }), ValueError);
  });
});

/** The pixels of each image of a figure, filters of rows left out. */
function pixelsOf(figure: Figure): { width: number; height: number; channels: number; rows: number[] }[] {
  return [...figure.svg.matchAll(/href="data:image\/png;base64,([^"]+)"/g)].map(([, text]) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    const [width, height] = [view.getUint32(16), view.getUint32(20)];
    const channels = bytes[25] === 2 ? 3 : 1;
    const length = view.getUint32(33);
    const raw = unzlibSync(bytes.subarray(41, 41 + length));
    const stride = width * channels + 1;
    return { width, height, channels, rows: Array.from(raw).filter((_, i) => i % stride !== 0) };
  });
}

describe("plotImages", () => {
  test("draws every image in a grid, black to white over all of them", async () => {
    const figure = await plotImages(arange(8).reshape([2, 2, 2]), { labels: ["a", "b"], columns: 1 });
    assert.deepEqual(pixelsOf(figure), [
      { width: 2, height: 2, channels: 1, rows: [0, 36, 73, 109] },
      { width: 2, height: 2, channels: 1, rows: [146, 182, 219, 255] },
    ]);
    assert.deepEqual(texts(figure), ["a", "b"]);
    assert.ok(figure.height > 2 * figure.width - 40, "one below the other");
  });

  test("colours are channels first, and a range cuts", async () => {
    const image = tensor([[[[0, 1]], [[2, 3]], [[-1, 9]]]]);
    assert.deepEqual(pixelsOf(await plotImages(image, { range: [0, 3] })), [
      { width: 2, height: 1, channels: 3, rows: [0, 170, 0, 85, 255, 255] },
    ]);
  });

  test("says what it takes", async () => {
    await assert.rejects(plotImages(zeros([2, 2, 8, 8])), /with 1 or 3 channels, got \[2, 2, 8, 8\]/);
    await assert.rejects(plotImages(zeros([0, 8, 8])), ShapeError);
    await assert.rejects(plotImages(zeros([2, 8, 8]), { labels: [1] }), /one for each of 2 images, got 1/);
    await assert.rejects(plotImages(zeros([2, 8, 8]), { columns: 0 }), ValueError);
    await assert.rejects(plotImages(zeros([2, 8, 8]), { size: 0 }), ValueError);
    await assert.rejects(plotImages(zeros([2, 8, 8]), { range: [1, 1] }), ValueError);
  });
});

describe("plotConfusionMatrix", () => {
  test("has a cell for each pair, names at both sides, and the true class as row", async () => {
    const figure = await plotConfusionMatrix(
      tensor(
        [
          [7, 1],
          [0, 4],
        ],
        { dtype: "int64" },
      ),
      ["no", "yes"],
    );
    const written = texts(figure);
    assert.deepEqual(
      written.filter((text) => /^\d+$/.test(text)),
      ["7", "1", "0", "4"],
    );
    assert.equal(written.filter((text) => text === "yes").length, 2);
    assert.ok(written.includes("true") && written.includes("predicted"));
  });

  test("shares have two decimals, classes numbers where they have no names", async () => {
    const written = texts(
      await plotConfusionMatrix([
        [0.75, 0.25],
        [0, 1],
      ]),
    );
    for (const text of ["0.75", "0.25", "0.00", "1.00", "0", "1"]) assert.ok(written.includes(text), text);
  });

  test("says what it takes", async () => {
    await assert.rejects(plotConfusionMatrix([[1, 2]]), /got shape \[1, 2\]/);
    await assert.rejects(
      plotConfusionMatrix([
        [1, -2],
        [0, 1],
      ]),
      /found -2/,
    );
    await assert.rejects(
      plotConfusionMatrix(
        [
          [1, 2],
          [0, 1],
        ],
        ["a"],
      ),
      /one name for each of 2 classes, got 1/,
    );
    await assert.rejects(plotConfusionMatrix([1, 2] as never), /rows and columns/);
  });
});

test("figures need nothing else: no ids, classes, styles or links", async () => {
  for (const figure of [
    await plotLines([1, 2]),
    await plotHistogram([1, 2]),
    await plotImages(zeros([1, 4, 4])),
    await plotConfusionMatrix([[1]]),
    await plotRegression([1], [2]),
  ])
    assert.doesNotMatch(figure.svg, / (?:id|class)=|<style|url\(|http(?!:\/\/www\.w3\.org)/);
});
