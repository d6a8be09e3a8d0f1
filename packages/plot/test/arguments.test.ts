/** What figures take: by position, by name, and what they refuse. */
import { describe } from "node:test";
import { Linear, Sequential, Sigmoid } from "@flambeau/nn";
import * as plot from "@flambeau/plot";
import { eye, type Tensor } from "@flambeau/tensor";
import { called, describeArguments } from "../../../tests/src/arguments.ts";

const frame = { xRange: [-1, 2], yRange: [-1, 2], dx: 1, dy: 1, title: "A figure" };
const network = new Sequential(new Linear(1, 2), new Sigmoid(), new Linear(2, 1));
const drawn =
  (draw: object) =>
  async (...args: unknown[]): Promise<string> =>
    String(await called<Promise<plot.Figure>>(draw)(...args));

describe("plot", () =>
  describeArguments(
    plot,
    {
      plotRegression: {
        run: drawn(plot.plotRegression),
        positional: () => ({ X: [0, 1], y: [0, 1], yHat: [0, 1] }),
        named: () => frame,
        required: ["X", "y"],
      },
      plotClassification2d: {
        run: drawn(plot.plotClassification2d),
        positional: () => ({
          X: [
            [0, 0],
            [1, 1],
          ],
          y: [0, 1],
          model: (x: Tensor) => x,
        }),
        named: () => ({ transform: "Softmax", ...frame }),
        required: ["X", "y"],
      },
      plotNodes: {
        run: drawn(plot.plotNodes),
        positional: () => ({ X: [0, 1], yHat: [0, 1], model: network }),
        named: () => frame,
        required: ["X", "yHat", "model"],
      },
      plotActivations: {
        run: drawn(plot.plotActivations),
        positional: () => ({ x: [0, 1], functions: [Sigmoid] }),
        named: () => ({ columns: 2, title: "A figure" }),
        required: ["x", "functions"],
      },
      plotLines: {
        run: drawn(plot.plotLines),
        positional: () => ({ lines: [1, 2], x: [0, 5] }),
        named: () => ({
          labels: ["training"],
          xLabel: "epoch",
          yLabel: "loss",
          yScale: "log",
          xRange: [0, 6],
          yRange: [1, 9],
          title: "A figure",
        }),
        required: ["lines"],
      },
      liveLines: {
        run: async (...args) => {
          const curves = called<plot.LiveLines>(plot.liveLines)(...args);
          for (let step = 1; step <= 5; step++) curves.push(step, step);
          await curves.flush();
          return String(await curves.figure());
        },
        positional: () => ({ labels: ["training"] }),
        named: () => ({
          xLabel: "epoch",
          yLabel: "loss",
          yScale: "log",
          xRange: [0, 6],
          yRange: [1, 9],
          title: "A figure",
          mininterval: 0,
          show: () => {},
          clock: () => 0,
        }),
      },
      plotHistogram: {
        run: drawn(plot.plotHistogram),
        positional: () => ({ x: [1, 2, 2], bins: 2 }),
        named: () => ({ range: [0, 3], density: true, xLabel: "x", title: "A figure" }),
        required: ["x"],
      },
      plotImages: {
        run: drawn(plot.plotImages),
        positional: () => ({ images: eye(4) }),
        named: () => ({ columns: 2, labels: ["eye"], range: [0, 2], size: 40, title: "A figure" }),
        required: ["images"],
      },
      plotConfusionMatrix: {
        run: drawn(plot.plotConfusionMatrix),
        positional: () => ({
          matrix: [
            [1, 2],
            [0, 3],
          ],
          labels: ["a", "b"],
        }),
        named: () => ({ title: "A figure" }),
        required: ["matrix"],
      },
    },
    // Results and an error.
    ["Figure", "LiveLines", "CanvasError"],
  ));
