import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ShapeError, ValueError } from "@flambeau/backend";
import { Linear, Module, ReLU, Sequential, Sigmoid } from "@flambeau/nn";
import { plotActivations, plotNodes } from "@flambeau/plot";
import { type Tensor, tensor } from "@flambeau/tensor";
import { walk } from "./xml.ts";

/** The chapter's first way of writing it: fields, the activation after both layers. */
class Fields extends Module {
  hidden: Linear = new Linear(1, 3);
  output: Linear = new Linear(3, 1);
  sigmoid: Sigmoid = new Sigmoid();
  override forward(x: Tensor): Tensor {
    return this.output(this.sigmoid(this.hidden(x)));
  }
}

/** The chapter's second way. */
class Chain extends Module {
  main: Sequential = new Sequential(new Linear(1, 3), new Sigmoid(), new Linear(3, 1));
  override forward(x: Tensor): Tensor {
    return this.main(x);
  }
}

const X = Array.from({ length: 61 }, (_, i) => -3 + i / 10);

/** Every line of the figure: its stroke and its points in pixels. */
function lines(svg: string): { stroke: string; points: [number, number][] }[] {
  return [...svg.matchAll(/<g aria-label="line" fill="none" stroke="([^"]+)"[^>]*><path d="([^"]+)"/g)].map(
    ([, stroke, d]) => ({
      stroke,
      points: [...d.matchAll(/[ML](-?[\d.]+),(-?[\d.]+)/g)].map(([, a, b]) => [Number(a), Number(b)]),
    }),
  );
}

describe("plotNodes", () => {
  test("draws the nodes, their shares and the running sums; the last sum is the prediction", async () => {
    for (const model of [new Fields(), new Chain()]) {
      const predicted = model(tensor(X).reshape([61, 1]));
      const { svg } = await plotNodes(X, predicted.detach(), model);
      const { texts } = walk(svg);
      for (const text of ["Node 1", "Node 2", "Node 3", "Output bias", "Prediction", "Sum: nodes 1\u20133"]) {
        assert.ok(texts.includes(text), text);
      }
      // Three nodes; three shares, bias, prediction; three sums, the sum with bias, prediction.
      const drawn = lines(svg);
      assert.equal(drawn.length, 3 + 5 + 5);
      const [whole, prediction] = drawn.slice(-2);
      assert.equal(prediction.stroke, "#d62728");
      assert.equal(whole.points.length, 61);
      whole.points.forEach(([x, y], i) => {
        assert.ok(
          Math.abs(x - prediction.points[i][0]) < 0.02 && Math.abs(y - prediction.points[i][1]) < 0.02,
        );
      });
    }
  });

  test("takes any number of nodes, another activation and no output bias", async () => {
    const model = new Sequential(new Linear(1, 5), new ReLU(), new Linear(5, 1, { bias: false }));
    const { svg } = await plotNodes(X, X, model, { yRange: [-3, 3] });
    assert.ok(walk(svg).texts.includes("Node 5"));
    assert.ok(!walk(svg).texts.includes("Output bias"));
  });

  test("refuses other models and lengths", async () => {
    await assert.rejects(plotNodes(X, [1, 2], new Chain()), ShapeError);
    await assert.rejects(plotNodes(X, X, new Linear(1, 1)), /1 linear layers and 0 other modules/);
    await assert.rejects(
      plotNodes(X, X, new Sequential(new Linear(2, 3), new Sigmoid(), new Linear(3, 1))),
      ValueError,
    );
    await assert.rejects(plotNodes(X, X, ((x: Tensor) => x) as never), ValueError);
  });
});

describe("plotActivations", () => {
  test("draws a titled panel per function: classes, modules and plain functions", async () => {
    const double = (x: Tensor): Tensor => x.mul(2);
    const { svg } = await plotActivations(tensor([-2, -1, 0, 1, 2]), [Sigmoid, ReLU, new ReLU(), double]);
    const { texts } = walk(svg);
    assert.deepEqual(
      texts.filter((text) => /^[A-Za-z]{4,}$/.test(text) && text !== "output"),
      ["Sigmoid", "ReLU", "ReLU", "double"],
    );
    const drawn = lines(svg);
    assert.equal(drawn.length, 4);
    const heights = drawn[1].points.map(([, y]) => y);
    assert.deepEqual([heights[0], heights[1]], [heights[2], heights[2]], "ReLU is flat below 0");
    assert.ok(heights[4] < heights[3] && heights[3] < heights[2], "and rises above");
  });

  test("refuses what is no activation", async () => {
    await assert.rejects(plotActivations([1, 2], []), ValueError);
    await assert.rejects(plotActivations([1, 2], [3 as never]), ValueError);
    await assert.rejects(plotActivations([1, 2], [Sigmoid], { columns: 0 }), ValueError);
    await assert.rejects(plotActivations([1, 2], [(x: Tensor) => x.sum()]), /1 values for 2/);
    await assert.rejects(plotActivations([[1, 2]], [Sigmoid]), ShapeError);
  });
});
