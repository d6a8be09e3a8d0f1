import { manualSeed, nn, optim, plot, tensor, where } from "flambeau";
import { binaryClassifier } from "./models.ts";
import type { Notebook } from "./notebook.ts";
import { circlesProblem, LEARNING_RATE, loaderOf } from "./problems.ts";
import { trainer } from "./trainer.ts";

/** Section 5.1: one output that tells an inner ring from an outer one. */
export async function binaryClassification(notebook: Notebook): Promise<void> {
  notebook.heading("5.1 Binary classification");
  const { device } = notebook;
  const print = (line: string): void => notebook.print(line);
  const problem = circlesProblem();
  const { X, y } = problem;
  const dataloader = loaderOf(problem, device);
  await notebook.figure("5-1-data.svg", await plot.plotClassification2d(X, y));

  manualSeed(notebook.seed);
  const model = new binaryClassifier(2, 5, 1).to(device);
  const criterion = new nn.BCEWithLogitsLoss();
  const optimizer = new optim.Adam(model.parameters(), { lr: LEARNING_RATE });
  await trainer(model, criterion, optimizer, dataloader, { epochs: 20, print });
  await notebook.figure("5-1-regions.svg", await plot.plotClassification2d(X, y, model));

  // A point in the middle of the rings, and one outside of both.
  const points = tensor([
    [0, 0],
    [-1, -1],
  ]).to(device);
  const prediction = model(points).detach();
  await notebook.show("prediction", prediction);
  const probability = new nn.Sigmoid()(prediction);
  await notebook.show("probability", probability);
  await notebook.show("classes", where(probability.gt(0.5), 1n, 0n));
}
