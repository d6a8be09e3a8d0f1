import { manualSeed, nn, optim, summary } from "flambeau";
import { linearRegression } from "./models.ts";
import { type Notebook, tableText } from "./notebook.ts";
import { fitLinear, LEARNING_RATE, linearProblem, loaderOf } from "./problems.ts";
import { trainer } from "./trainer.ts";

/** Section 3.3: three features, so one layer of three weights and a bias. */
export async function multipleRegression(notebook: Notebook): Promise<void> {
  notebook.heading("3.3 Multiple linear regression");
  const { device } = notebook;
  const print = (line: string): void => notebook.print(line);
  const problem = linearProblem(3);
  const dataloader = loaderOf(problem, device);

  manualSeed(notebook.seed);
  const model = new linearRegression(3, 1).to(device);
  print(String(summary(model, [3])));

  const criterion = new nn.MSELoss();
  const optimizer = new optim.SGD(model.parameters(), { lr: LEARNING_RATE });
  await trainer(model, criterion, optimizer, dataloader, { epochs: 5, print });

  const fit = await fitLinear(problem);
  const { weight, bias } = model.linear;
  const rows = {
    lstsq: [fit.intercept, ...fit.coefficients],
    flambeau: [await bias!.item(), ...(await weight.at(0).toArray<number[]>())],
  };
  print(tableText(["w0", "w1", "w2", "w3"], rows));
}
