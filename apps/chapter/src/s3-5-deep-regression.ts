import { manualSeed, nn, optim, plot } from "flambeau";
import { deepRegression } from "./models.ts";
import type { Notebook } from "./notebook.ts";
import { loaderOf, waveProblem } from "./problems.ts";
import { trainer } from "./trainer.ts";

/** Section 3.5: two hidden layers, trained without a word. */
export async function deepLearning(notebook: Notebook): Promise<void> {
  notebook.heading("3.5 Deep learning");
  const { device } = notebook;
  const problem = waveProblem();
  const { X, y } = problem;
  const dataloader = loaderOf(problem, device);

  manualSeed(notebook.seed);
  const model = new deepRegression(1, 5, 3, 1).to(device);
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.3 });
  await trainer(model, new nn.MSELoss(), optimizer, dataloader, { epochs: 20, verbose: false });

  const predictions = model(X.to({ dtype: "float32", device })).detach();
  const figure = await plot.plotRegression(X, y, predictions, { yRange: [-25, 25], dy: 5 });
  await notebook.figure("3-5-fit.svg", figure);
}
