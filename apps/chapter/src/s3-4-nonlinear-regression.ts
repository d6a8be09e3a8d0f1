import { linspace, manualSeed, nn, optim, plot, summary, type Tensor } from "flambeau";
import { nonlinRegression, nonlinRegressionByFields } from "./models.ts";
import type { Notebook } from "./notebook.ts";
import { loaderOf, waveProblem } from "./problems.ts";
import { trainer } from "./trainer.ts";

function sigmoid(x: Tensor): Tensor {
  return x.neg().exp().add(1).reciprocal();
}

/** Section 3.4: a hidden layer and an activation follow a curve. */
export async function nonlinearRegression(notebook: Notebook): Promise<void> {
  notebook.heading("3.4 Non-linear regression");
  const { device } = notebook;
  const print = (line: string): void => notebook.print(line);
  const problem = waveProblem();
  const { X, y } = problem;
  const dataloader = loaderOf(problem, device);
  const frame: plot.RegressionOptions = { yRange: [-25, 25], dy: 5 };
  await notebook.figure("3-4-data.svg", await plot.plotRegression(X, y, null, frame));

  const xs = linspace(-15, 15, 100);
  const curve = await plot.plotRegression(xs, [0], sigmoid(xs), { xRange: [-5, 5], yRange: [0, 1], dy: 0.2 });
  await notebook.figure("3-4-sigmoid.svg", curve);

  // Two ways to write the network: they differ in nothing but the names of their parameters.
  manualSeed(notebook.seed);
  const byFields = new nonlinRegressionByFields(1, 3, 1);
  print(String(byFields));
  manualSeed(notebook.seed);
  const model = new nonlinRegression(1, 3, 1).to(device);
  print(String(model));
  print(String(summary(model, [1])));

  const criterion = new nn.MSELoss();
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.3 });
  await trainer(model, criterion, optimizer, dataloader, { epochs: 5, print });

  const predictions = model(X.to({ dtype: "float32", device }))
    .detach()
    .squeeze();
  await notebook.figure("3-4-fit.svg", await plot.plotRegression(X, y, predictions, frame));
  await notebook.figure("3-4-nodes.svg", await plot.plotNodes(X, predictions, model));
}
