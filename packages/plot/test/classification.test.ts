import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ShapeError, ValueError } from "@flambeau/backend";
import { Linear, Sequential } from "@flambeau/nn";
import { plotClassification2d } from "@flambeau/plot";
import { cat, type Tensor, tensor } from "@flambeau/tensor";
import { walk } from "./xml.ts";

const X = Array.from({ length: 300 }, (_, i) => {
  const radius = i % 2 === 0 ? 1 : 0.5;
  return [radius * Math.cos(i), radius * Math.sin(i)];
});
const y = X.map((_, i) => i % 2);

/** The logit 20 (0.75 - r), r the distance from the middle: class 1 inside. */
const circle = (x: Tensor): Tensor => x.mul(x).sum(1, { keepdim: true }).sqrt().sub(0.75).mul(-20);
/** Three outputs: left, right, and a constant in between. */
const stripes = (x: Tensor): Tensor => {
  const first = x.narrow(1, 0, 1);
  return cat([first.mul(-1), first, first.mul(0).add(0.5)], 1);
};

/** The closed outlines drawn with the boundary's stroke, as pixels. */
function boundary(svg: string): [number, number][] {
  const pieces = [...svg.matchAll(/stroke="#24292f" stroke-width="1.5"[^>]*><path d="([^"]+)"/g)];
  return pieces.flatMap(([, d]) =>
    [...d.matchAll(/[ML](-?[\d.]+),(-?[\d.]+)/g)].map(([, a, b]): [number, number] => [Number(a), Number(b)]),
  );
}

describe("plotClassification2d", () => {
  test("draws one circle per point and a legend, for labels of any dtype", async () => {
    const figure = await plotClassification2d(X, y);
    const { count, texts } = walk(figure.svg);
    assert.equal(count.get("circle"), 300);
    for (const text of ["Feature 1", "Feature 2", "Class 0", "Class 1"])
      assert.ok(texts.includes(text), text);
    assert.equal(boundary(figure.svg).length, 0);
    for (const labels of [
      BigInt64Array.from(y, BigInt),
      tensor(y),
      tensor(y).to("int64"),
      y.map((label) => [label]),
    ]) {
      assert.equal(
        (await plotClassification2d(tensor(X), labels)).svg,
        (await plotClassification2d(tensor(X), y)).svg,
      );
    }
  });

  test("Sigmoid: the boundary lies where the probability is a half", async () => {
    const { svg } = await plotClassification2d(X, y, circle, { xRange: [-1.5, 1.5], yRange: [-1.5, 1.5] });
    const { count, texts } = walk(svg);
    assert.equal(count.get("circle"), 300);
    assert.ok(texts.includes("Probability of class 1"));
    // The frame: 400 pixels a side from (66, 14) of its panel; 3 units across.
    const radii = boundary(svg).map(([px, py]) => Math.hypot(px - 266, py - 214) / (400 / 3));
    assert.ok(radii.length > 50);
    assert.ok(
      radii.every((radius) => Math.abs(radius - 0.75) < 2e-3),
      String(radii.slice(0, 5)),
    );
  });

  test("Softmax: the boundaries lie where the two largest outputs are equal", async () => {
    const labels = X.map(([x]) => (x < -0.5 ? 0 : x > 0.5 ? 1 : 2));
    const options = { transform: "Softmax", xRange: [-1, 1], yRange: [-1, 1] } as const;
    const { svg } = await plotClassification2d(X, labels, stripes, options);
    const columns = new Set(boundary(svg).map(([px]) => Math.round((px - 66) / 2) / 100 - 1));
    assert.deepEqual([...columns].sort(), [-0.5, 0.5]);
    // Each class fills its stripe from top to bottom: the left quarter, the right quarter, the middle.
    const stripe = (color: string): number[] => {
      const opening = `fill="${color}"><path d="`;
      const from = svg.indexOf(opening) + opening.length;
      const points = svg
        .slice(from, svg.indexOf('"', from))
        .split("M")
        .flatMap((line) => line.split("L"))
        .filter((point) => point !== "")
        .map((point) => point.split(",").map(Number.parseFloat));
      const xs = points.map(([px]) => px);
      const ys = points.map(([, py]) => py);
      return [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    };
    assert.deepEqual(stripe("#bdcbef"), [66, 166, 14, 414]);
    assert.deepEqual(stripe("#ffcec6"), [366, 466, 14, 414]);
    assert.deepEqual(stripe("#bbe1c2"), [166, 366, 14, 414]);
    assert.ok(walk(svg).texts.includes("Class 2"));
  });

  test("takes modules, and leaves their gradients alone", async () => {
    const model = new Sequential(new Linear(2, 1));
    const figure = await plotClassification2d(X, y, model);
    assert.match(figure.svg, /Probability of class 1/);
    assert.ok([...model.parameters()].every((parameter) => parameter.grad === null));
    const double = new Sequential(new Linear(2, 1)).to("float64");
    assert.match((await plotClassification2d(X, y, double)).svg, /Probability of class 1/);
  });

  test("the background changes with the model", async () => {
    const wider = (x: Tensor): Tensor => circle(x.mul(0.8));
    assert.notEqual(
      (await plotClassification2d(X, y, circle)).svg,
      (await plotClassification2d(X, y, wider)).svg,
    );
  });

  test("a model that never decides for class 1 has no boundary", async () => {
    const never = (x: Tensor): Tensor => x.sum(1).mul(0).sub(1);
    assert.equal(boundary((await plotClassification2d(X, y, never)).svg).length, 0);
  });

  test("refuses what does not fit", async () => {
    await assert.rejects(plotClassification2d([1, 2, 3], [0, 1, 0]), /shape \[n, 2\], got shape \[3\]/);
    await assert.rejects(plotClassification2d([[1, 2, 3]], [0]), ShapeError);
    await assert.rejects(plotClassification2d([[1, 2]], [0, 1]), ShapeError);
    await assert.rejects(plotClassification2d([[1, 2]], [0.5]), /found 0.5 at position 0/);
    await assert.rejects(plotClassification2d([[1, 2]], [-1]), ValueError);
    await assert.rejects(
      plotClassification2d(X, y, circle, { transform: "Tanh" as never }),
      /transform is "Sigmoid" or "Softmax"; got "Tanh"/,
    );
    await assert.rejects(plotClassification2d(X, y, stripes), /use transform: "Softmax"/);
    await assert.rejects(plotClassification2d(X, y, circle, { transform: "Softmax" }), ShapeError);
    const three = y.map((label) => label * 3);
    await assert.rejects(plotClassification2d(X, three, circle), /y has class 3/);
    await assert.rejects(
      plotClassification2d(X, three, stripes, { transform: "Softmax" }),
      /3 classes apart, but y has class 3/,
    );
  });
});
