/**
 * The chapter's training loops, whole: a new model and its optimizer, then the chapter's epochs over its data in shuffled
 * batches of 50, each loss read. Times are a step's.
 */
import type { nn, optim } from "flambeau";
import { ndarray } from "../arrays.ts";
import * as flambeau from "../peers/flambeau.ts";
import type { Work } from "../work.ts";

type Models = typeof import("../../../chapter/src/models.ts");
type Problems = typeof import("../../../chapter/src/problems.ts");

interface Loop {
  readonly section: string;
  readonly title: string;
  readonly problem: (problems: Problems) => ReturnType<Problems["linearProblem"]>;
  readonly samples: number;
  readonly model: keyof Models;
  readonly widths: readonly number[];
  readonly loss: "MSELoss" | "BCEWithLogitsLoss" | "CrossEntropyLoss";
  readonly optimizer: "SGD" | "Adam";
  readonly lr: number;
  readonly epochs: number;
  readonly quick?: boolean;
}

const loops: readonly Loop[] = [
  {
    section: "3.2-linear",
    title: "3.2 linear regression, SGD",
    problem: (p) => p.linearProblem(1),
    samples: 500,
    model: "linearRegression",
    widths: [1, 1],
    loss: "MSELoss",
    optimizer: "SGD",
    lr: 0.1,
    epochs: 5,
    quick: true,
  },
  {
    section: "3.3-multiple",
    title: "3.3 multiple regression, SGD",
    problem: (p) => p.linearProblem(3),
    samples: 500,
    model: "linearRegression",
    widths: [3, 1],
    loss: "MSELoss",
    optimizer: "SGD",
    lr: 0.1,
    epochs: 5,
  },
  {
    section: "3.4-nonlinear",
    title: "3.4 non-linear regression 1-3-1, SGD",
    problem: (p) => p.waveProblem(),
    samples: 500,
    model: "nonlinRegression",
    widths: [1, 3, 1],
    loss: "MSELoss",
    optimizer: "SGD",
    lr: 0.3,
    epochs: 5,
  },
  {
    section: "3.5-deep",
    title: "3.5 deep regression 1-5-3-1, SGD",
    problem: (p) => p.waveProblem(),
    samples: 500,
    model: "deepRegression",
    widths: [1, 5, 3, 1],
    loss: "MSELoss",
    optimizer: "SGD",
    lr: 0.3,
    epochs: 20,
  },
  {
    section: "5.1-binary",
    title: "5.1 circles 2-5-1, Adam",
    problem: (p) => p.circlesProblem(),
    samples: 300,
    model: "binaryClassifier",
    widths: [2, 5, 1],
    loss: "BCEWithLogitsLoss",
    optimizer: "Adam",
    lr: 0.1,
    epochs: 20,
    quick: true,
  },
  {
    section: "5.2-multiclass",
    title: "5.2 blobs 2-5-4, Adam",
    problem: (p) => p.blobsProblem(),
    samples: 200,
    model: "multiClassifier",
    widths: [2, 5, 4],
    loss: "CrossEntropyLoss",
    optimizer: "Adam",
    lr: 0.2,
    epochs: 10,
  },
];

function chapter(loop: Loop): Work {
  const { widths, lr, epochs } = loop;
  const classes = loop.loss === "CrossEntropyLoss";
  return {
    id: `chapter/${loop.section}`,
    title: `chapter ${loop.title}, DataLoader`,
    quick: loop.quick ?? false,
    stepsPerCall: (epochs * loop.samples) / 50,
    tolerance: 1e-3,
    inputs: async () => {
      const { X, y } = loop.problem(await import("../../../chapter/src/problems.ts"));
      const [numbers, targets] = [X, y].map((t) => t.to("float32").dataSync() as Float32Array);
      return { X: ndarray(X.shape, numbers), y: ndarray(y.shape, targets) };
    },
    flambeau: async (api, inputs) => {
      const models = await import("../../../chapter/src/models.ts");
      const { trainer } = await import("../../../chapter/src/trainer.ts");
      const { loaderOf } = await import("../../../chapter/src/problems.ts");
      const data = { X: flambeau.load(api, inputs.X), y: flambeau.load(api, inputs.y) };
      const dataloader = loaderOf(data, "cpu", { classes });
      const Model = models[loop.model] as new (...widths: readonly number[]) => nn.Module;
      const criterion = new api.nn[loop.loss]();
      const options = { epochs, verbose: false, flatten: !classes };
      const run = (): Promise<number[]> => {
        const model = new Model(...widths);
        const Optimizer = api.optim[loop.optimizer] as typeof optim.Adam;
        const optimizer = new Optimizer(model.parameters(), lr);
        return trainer(
          (x) => model.forward(x),
          (x, target) => criterion(x, target),
          optimizer,
          dataloader,
          options,
        );
      };
      const results = async () => {
        api.manualSeed(1);
        return { losses: ndarray([epochs], await run()) };
      };
      return { run, results };
    },
    jax: "it has no DataLoader",
    tfjs: "tfjs-core has no DataLoader",
    torch: {
      file: "chapter",
      arguments: { model: loop.model, widths, loss: loop.loss, optimizer: loop.optimizer, lr, epochs },
    },
  };
}

export const works: readonly Work[] = loops.map(chapter);
