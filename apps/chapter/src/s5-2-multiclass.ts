import { manualSeed, nn, optim, plot, tensor } from "flambeau";
import { multiClassifier } from "./models.ts";
import type { Notebook } from "./notebook.ts";
import { blobsProblem, loaderOf } from "./problems.ts";
import { trainer } from "./trainer.ts";

/** Section 5.2: one output for each of four classes. */
export async function multiclassClassification(notebook: Notebook): Promise<void> {
  notebook.heading("5.2 Multiclass classification");
  const { device } = notebook;
  const print = (line: string): void => notebook.print(line);
  const problem = blobsProblem();
  const { X, y } = problem;
  const dataloader = loaderOf(problem, device, { classes: true });
  await notebook.figure("5-2-data.svg", await plot.plotClassification2d(X, y));

  manualSeed(notebook.seed);
  const model = new multiClassifier(2, 5, 4).to(device);
  const criterion = new nn.CrossEntropyLoss();
  const optimizer = new optim.Adam(model.parameters(), { lr: 0.2 });
  await trainer(model, criterion, optimizer, dataloader, { epochs: 10, flatten: false, print });
  const regions = await plot.plotClassification2d(X, y, model, { transform: "Softmax" });
  await notebook.figure("5-2-regions.svg", regions);

  const points = tensor([
    [-1, -1],
    [1, 1],
  ]).to(device);
  const prediction = model(points).detach();
  await notebook.show("prediction", prediction);
  const probability = new nn.Softmax(1)(prediction);
  await notebook.show("probability", probability);
  await notebook.show("probability.sum(1)", probability.sum(1));
  await notebook.show("classes", probability.argmax(1));
}
