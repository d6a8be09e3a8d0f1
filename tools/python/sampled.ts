/** The models that are exported for PyTorch: those whose code is kept, and the chapter's. */
import { TensorDataset } from "@flambeau/data";
import type { Loss, Training } from "@flambeau/export-pytorch";
import * as nn from "@flambeau/nn";
import { AdamW } from "@flambeau/optim";
import { cat, manualSeed, rand, randint, randn, Tensor } from "@flambeau/tensor";
import * as chapter from "../../apps/chapter/src/models.ts";
import type { Case } from "../../packages/export-pytorch/test/cases.ts";
import { samples } from "../../packages/export-pytorch/test/code/models/samples.ts";

interface Sample {
  readonly model: nn.Module;
  readonly inputs: readonly unknown[];
  readonly loss: Loss;
  readonly rest?: readonly Tensor[] | undefined;
}

/** One thing, a graph, or of rows that depend on each other. */
const NO_ROWS: readonly string[] = ["graph_network", "siamese"];

/** Models whose loss of a batch is no mean of its halves' losses, and why. */
export const NO_MEAN_OF_ROWS: Readonly<Record<string, string>> = {
  vae: "it draws random numbers, and its loss is a sum",
  long_names: "its loss is a mean weighted by classes",
  mixed: "its loss is a mean weighted by classes, and a sum",
  oddities: "its loss is of the first and the last row",
};

/** How often the rows of a sample are in the data set, with other targets each time. */
const TIMES = 8;

const x = (): Tensor[] => [randn([4, 2])];
const regression = { loss: new nn.MSELoss(), target: () => randn([4, 1]) };
const ofChapter: Readonly<Record<string, () => Sample>> = Object.fromEntries(
  (
    [
      [new chapter.linearRegression(2, 1), regression],
      [new chapter.nonlinRegressionByFields(2, 8, 1), regression],
      [new chapter.nonlinRegression(2, 8, 1), regression],
      [new chapter.deepRegression(2, 8, 4, 1), regression],
      [
        new chapter.binaryClassifierWithSigmoid(2, 8, 1),
        { loss: new nn.BCELoss(), target: () => rand([4, 1]) },
      ],
      [
        new chapter.binaryClassifier(2, 8, 1),
        { loss: new nn.BCEWithLogitsLoss(), target: () => rand([4, 1]) },
      ],
      [
        new chapter.multiClassifier(2, 8, 3),
        { loss: new nn.CrossEntropyLoss(), target: () => randint(3, [4]) },
      ],
    ] as const
  ).map(([model, { loss, target }]) => [
    model.constructor.name,
    (): Sample => ({ model, inputs: x(), loss, rest: [target()] }),
  ]),
);

/** A model's training, as a case of the tests. */
export interface Sampled {
  readonly name: string;
  readonly one: Case;
}

/** All models that take rows, each with a training by AdamW. */
export function sampled(): Sampled[] {
  manualSeed(1);
  return Object.entries({ ...ofChapter, ...samples }).flatMap(([name, make]) => {
    const { model, inputs, loss, rest = [] } = make() as Sample;
    const columns = [...inputs, ...rest] as Tensor[];
    const rows = columns[0].shape?.[0];
    if (!columns.every((x) => x instanceof Tensor && x.shape[0] === rows) || NO_ROWS.includes(name))
      return [];
    const repeated = columns.map((x, i) => {
      const isTarget = i >= inputs.length;
      return cat(Array.from({ length: TIMES }, (_, k) => (isTarget ? x.roll(k, 0) : x)));
    });
    const training: Training & { readonly schedule: null } = {
      inputs: inputs as Tensor[],
      loss,
      optimizer: new AdamW(model.parameters(), { lr: 1e-3 }),
      schedule: null,
      data: new TensorDataset(...repeated),
      batchSize: 4,
      paritySteps: 10,
    };
    return [{ name, one: { model, training, isOfBatches: false } }];
  });
}
