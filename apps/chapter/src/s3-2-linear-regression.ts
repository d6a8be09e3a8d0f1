import { manualSeed, nn, optim, summary } from "flambeau";
import { linearRegression } from "./models.ts";
import { type Notebook, shapeText, stateText, tableText } from "./notebook.ts";
import { fitLinear, LEARNING_RATE, linearProblem, loaderOf } from "./problems.ts";
import { trainer } from "./trainer.ts";

/** Section 3.2: the same line, found by a network of one linear layer. */
export async function simpleRegression(notebook: Notebook): Promise<void> {
  notebook.heading("3.2 Linear regression with a network");
  const { device } = notebook;
  const print = (line: string): void => notebook.print(line);
  const problem = linearProblem(1);

  manualSeed(notebook.seed);
  const model = new linearRegression(1, 1).to(device);
  print(String(model));
  print(String(summary(model, [1])));
  print(await stateText(model.stateDict()));

  const X = problem.X.to({ dtype: "float32", device });
  const predicted = await model(X.at(0)).item();
  print(`Predicted: ${predicted.toFixed(2)}`);
  print(`   Actual: ${(await problem.y.at(0).item()).toFixed(2)}`);

  const criterion = new nn.MSELoss();
  const optimizer = new optim.SGD(model.parameters(), { lr: LEARNING_RATE });
  const dataloader = loaderOf(problem, device);
  print(`Total number of batches: ${dataloader.length}`);
  const [XX, yy] = dataloader[Symbol.iterator]().next().value;
  print(` Shape of feature data (X) in batch: ${shapeText(XX.shape)}`);
  print(`Shape of response data (y) in batch: ${shapeText(yy.shape)}`);

  await trainer(model, criterion, optimizer, dataloader, { epochs: 5, print });
  print(await stateText(model.stateDict()));

  const fit = await fitLinear(problem);
  const { weight, bias } = model.linear;
  const rows = {
    lstsq: [fit.intercept, ...fit.coefficients],
    flambeau: [await bias!.item(), await weight.item()],
  };
  print(tableText(["w0", "w1"], rows));

  print("\nfive epochs more:");
  await trainer(model, criterion, optimizer, dataloader, { epochs: 5, print });
}
