import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { manualSeed, nn, optim, type plot, summary, type Tensor, tensor } from "flambeau";
import * as models from "../../apps/chapter/src/models.ts";
import { Notebook } from "../../apps/chapter/src/notebook.ts";
import {
  blobsProblem,
  circlesProblem,
  fitLinear,
  LEARNING_RATE,
  linearProblem,
  loaderOf,
  type Problem,
  waveProblem,
} from "../../apps/chapter/src/problems.ts";
import { sections } from "../../apps/chapter/src/sections.ts";
import { type Batches, type Criterion, type Stepper, trainer } from "../../apps/chapter/src/trainer.ts";
import fixture from "../fixtures/chapter.json" with { type: "json" };

type State = Record<string, { shape: number[]; values: number[] }>;

interface Training {
  problem(): Problem;
  model(): nn.Module;
  criterion: Criterion;
  optimizer(parameters: nn.Parameter[]): Stepper;
  epochs: number;
  /** Whether the chapter shows a summary of the model: that draws random numbers for an input. */
  summarised?: boolean;
  /** Whether the chapter looks at one batch before it trains. */
  peek?: boolean;
  classes?: boolean;
}

const trainings: Record<keyof typeof fixture.trainings, Training> = {
  linear: {
    problem: () => linearProblem(1),
    model: () => new models.linearRegression(1, 1),
    criterion: new nn.MSELoss(),
    optimizer: (parameters) => new optim.SGD(parameters, { lr: LEARNING_RATE }),
    epochs: 10,
    summarised: true,
    peek: true,
  },
  multiple: {
    problem: () => linearProblem(3),
    model: () => new models.linearRegression(3, 1),
    criterion: new nn.MSELoss(),
    optimizer: (parameters) => new optim.SGD(parameters, { lr: LEARNING_RATE }),
    epochs: 5,
    summarised: true,
  },
  nonlinear: {
    problem: waveProblem,
    model: () => new models.nonlinRegression(1, 3, 1),
    criterion: new nn.MSELoss(),
    optimizer: (parameters) => new optim.SGD(parameters, { lr: 0.3 }),
    epochs: 5,
    summarised: true,
  },
  deep: {
    problem: waveProblem,
    model: () => new models.deepRegression(1, 5, 3, 1),
    criterion: new nn.MSELoss(),
    optimizer: (parameters) => new optim.SGD(parameters, { lr: 0.3 }),
    epochs: 20,
  },
  circles: {
    problem: circlesProblem,
    model: () => new models.binaryClassifier(2, 5, 1),
    criterion: new nn.BCEWithLogitsLoss(),
    optimizer: (parameters) => new optim.Adam(parameters, { lr: LEARNING_RATE }),
    epochs: 20,
  },
  blobs: {
    problem: blobsProblem,
    model: () => new models.multiClassifier(2, 5, 4),
    criterion: new nn.CrossEntropyLoss(),
    optimizer: (parameters) => new optim.Adam(parameters, { lr: 0.2 }),
    epochs: 10,
    classes: true,
  },
};

/** Batches that remember which rows of the data they were made of. */
class Watched implements Batches {
  readonly epochs: number[][] = [];
  readonly #batches: Batches;
  readonly #rows: Map<string, number>;

  constructor(batches: Batches, X: Tensor) {
    this.#batches = batches;
    this.#rows = new Map(keysOf(X).map((key, row) => [key, row]));
    assert.equal(this.#rows.size, X.shape[0], "two rows of the data are alike");
  }

  get length(): number {
    return this.#batches.length;
  }

  *[Symbol.iterator](): Iterator<readonly Tensor[]> {
    const order: number[] = [];
    this.epochs.push(order);
    for (const batch of this.#batches) {
      order.push(...keysOf(batch[0]).map((key) => this.#rows.get(key) as number));
      yield batch;
    }
  }
}

function keysOf(X: Tensor): string[] {
  return (X.toArraySync() as number[][]).map((row) => row.join());
}

function assertState(actual: Record<string, Tensor>, expected: State, tolerance: number): void {
  assert.deepEqual(Object.keys(actual), Object.keys(expected));
  for (const [name, { shape, values }] of Object.entries(expected)) {
    assert.deepEqual([...actual[name].shape], shape, name);
    assertClose(Array.from(actual[name].dataSync(), Number), values, tolerance, name);
  }
}

/** Every number within `tolerance` of its own size; with 0, equal. */
function assertClose(actual: number[], expected: number[], tolerance: number, what: string): void {
  assert.equal(actual.length, expected.length, what);
  for (const [i, value] of expected.entries()) {
    const error = Math.abs(actual[i] - value);
    assert.ok(error <= tolerance * Math.abs(value), `${what}[${i}]: ${actual[i]}, PyTorch ${value}`);
  }
}

describe("the chapter's trainings give PyTorch's numbers", () => {
  for (const [name, training] of Object.entries(trainings) as [keyof typeof trainings, Training][]) {
    const expected = fixture.trainings[name];

    test(`${name}: the same data`, () => {
      const { X, y } = training.problem();
      assertClose(Array.from(X.at("::100").flatten().dataSync(), Number), expected.X, 1e-12, "X");
      assertClose(Array.from(y.at("::100").dataSync(), Number), expected.y, 1e-12, "y");
    });

    for (const run of expected.runs) {
      test(`${name}, seed ${run.seed}`, async () => {
        const problem = training.problem();
        const X = problem.X.to("float32");
        const loader = new Watched(loaderOf(problem, "cpu", { classes: training.classes }), X);

        manualSeed(run.seed);
        const model = training.model();
        assertState(model.stateDict(), run.initial as State, 0);
        if (training.summarised) summary(model, [X.shape[1]]);
        if (training.peek) {
          loader[Symbol.iterator]().next();
          assert.deepEqual(loader.epochs.pop(), run.peeked);
        }

        const { criterion, epochs, classes = false } = training;
        const optimizer = training.optimizer(model.parameters());
        const options = { epochs, flatten: !classes, verbose: false };
        const losses = await trainer((x) => model(x), criterion, optimizer, loader, options);
        assert.deepEqual(loader.epochs[0], run.order);
        assertClose(losses, run.losses, 1e-4, "loss");
        assertState(model.stateDict(), run.final as State, 1e-3);
        const sample: Tensor = model(X.at(`::${Math.floor(X.shape[0] / 20)}`));
        assertClose(
          Array.from(sample.detach().flatten().dataSync(), Number),
          run.predictions,
          1e-3,
          "prediction",
        );
      });
    }
  }
});

describe("the chapter's sections", () => {
  const figures: string[] = [];
  let text = "";

  test("run and print", async () => {
    const lines: string[] = [];
    const output = {
      line: (line: string) => void lines.push(line),
      figure: async (name: string, figure: plot.Figure) => {
        assert.match(figure.svg, /^<svg [\s\S]*<\/svg>\s*$/, name);
        figures.push(name);
      },
    };
    for (const section of sections) await section(new Notebook(output));
    text = lines.join("\n");
  });

  test("print what does not hang on a seed as the chapter does", () => {
    for (const part of [
      "tensor([1, 2, 3]), dtype: int64\ntensor([1., 2., 3.]), dtype: float32\ntensor([1, 2, 3]), dtype: int64\n",
      "tensor([[0., 0.],\n        [0., 0.]])\n",
      "tensor([[1., 1.],\n        [1., 1.]])\n",
      "[2, 3, 2, 2]\n> x.ndim\n4\n",
      "\nfloat64\nfloat32\nfloat64\n",
      "w_0: -0.77 (bias/intercept)\nw_1: 45.50\n",
      "linearRegression(\n  (linear): Linear(in_features=1, out_features=1, bias=True)\n)\n",
      "\n   Actual: 31.08\n",
      "\nTotal number of batches: 10\n",
      " Shape of feature data (X) in batch: [50, 1]\nShape of response data (y) in batch: [50]\n",
      "w0     w1\nlstsq     -0.77  45.50\n",
      "w0    w1     w2     w3\nlstsq     0.43  0.62  55.99  11.14\n",
      "tensor([1., 1.])\n",
    ]) {
      assert.ok(text.includes(part), `not printed: ${part}`);
    }
  });

  test("print the summaries of torch-summary", () => {
    const rule = "=".repeat(90);
    const table = (rows: string[], parameters: number): string =>
      [
        rule,
        "Layer (type:depth-idx)                   Output Shape              Param #",
        rule,
        ...rows,
        rule,
        `Total params: ${parameters}`,
        `Trainable params: ${parameters}`,
        "Non-trainable params: 0",
        "Total mult-adds (M): 0.00",
        rule,
        "Input size (MB): 0.00",
        "Forward/backward pass size (MB): 0.00",
        "Params size (MB): 0.00",
        "Estimated Total Size (MB): 0.00",
        rule,
      ].join("\n");
    const linear = "├─Linear: 1-1                            [-1, 1]                   ";
    for (const expected of [
      table([`${linear}2`], 2),
      table([`${linear}4`], 4),
      table(
        [
          "├─Sequential: 1-1                        [-1, 1]                   --",
          "|    └─Linear: 2-1                       [-1, 3]                   6",
          "|    └─Sigmoid: 2-2                      [-1, 3]                   --",
          "|    └─Linear: 2-3                       [-1, 1]                   4",
        ],
        10,
      ),
    ]) {
      assert.ok(text.includes(`\n${expected}\n`), `not printed:\n${expected}\nbut:\n${text}`);
    }
  });

  test("print PyTorch's losses for their seed", () => {
    const printed = [...text.matchAll(/^epoch: \d+, loss: (.*)$/gm)].map((match) => Number(match[1]));
    const told = (["linear", "multiple", "nonlinear", "circles", "blobs"] as const).flatMap(
      (name) => fixture.trainings[name].runs.find((run) => run.seed === 1)?.losses as number[],
    );
    assert.equal(printed.length, told.length);
    // Half a unit of the last printed digit, and the tolerance of the losses.
    for (const [i, loss] of told.entries()) assert.ok(Math.abs(printed[i] - loss) <= 0.00005 + 1e-4 * loss);
  });

  test("write the chapter's twelve figures", () => {
    assert.deepEqual(figures, [
      "3-1-data.svg",
      "3-1-fit.svg",
      "3-4-data.svg",
      "3-4-sigmoid.svg",
      "3-4-fit.svg",
      "3-4-nodes.svg",
      "3-5-fit.svg",
      "4-activations.svg",
      "5-1-data.svg",
      "5-1-regions.svg",
      "5-2-data.svg",
      "5-2-regions.svg",
    ]);
  });
});

describe("what the chapter says in two ways", () => {
  test("a network by fields and by Sequential", () => {
    manualSeed(3);
    const byFields = new models.nonlinRegressionByFields(1, 3, 1);
    manualSeed(3);
    const bySequential = new models.nonlinRegression(1, 3, 1);
    const x = tensor([[-1], [0], [2]]);
    assert.deepEqual(byFields(x).toArraySync(), bySequential(x).toArraySync());
  });

  test("BCELoss of a sigmoid and BCEWithLogitsLoss", () => {
    manualSeed(3);
    const probabilities = new models.binaryClassifierWithSigmoid(2, 5, 1);
    manualSeed(3);
    const logits = new models.binaryClassifier(2, 5, 1);
    const { X, y } = circlesProblem();
    const [x, target] = [X.to("float32"), y.to("float32")];
    const separate = new nn.BCELoss()(probabilities(x).flatten(), target).itemSync();
    const together = new nn.BCEWithLogitsLoss()(logits(x).flatten(), target).itemSync();
    assert.ok(Math.abs(separate - together) < 1e-6 * together, `${separate} and ${together}`);
  });

  test("least squares agrees with scikit-learn's printed coefficients", async () => {
    const one = await fitLinear(linearProblem(1));
    assert.deepEqual(
      [one.intercept, ...one.coefficients].map((value) => value.toFixed(2)),
      ["-0.77", "45.50"],
    );
    const three = await fitLinear(linearProblem(3));
    assert.deepEqual(
      [three.intercept, ...three.coefficients].map((value) => value.toFixed(2)),
      ["0.43", "0.62", "55.99", "11.14"],
    );
  });
});
