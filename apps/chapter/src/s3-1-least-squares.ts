import { plot } from "flambeau";
import type { Notebook } from "./notebook.ts";
import { fitLinear, linearProblem } from "./problems.ts";

/** Section 3.1: the line that least squares fits, before there is any network. */
export async function leastSquares(notebook: Notebook): Promise<void> {
  notebook.heading("3.1 Simple linear regression");
  const problem = linearProblem(1);
  await notebook.figure("3-1-data.svg", await plot.plotRegression(problem.X, problem.y));

  const fit = await fitLinear(problem);
  await notebook.figure("3-1-fit.svg", await plot.plotRegression(problem.X, problem.y, fit.predictions));
  notebook.print(`w_0: ${fit.intercept.toFixed(2)} (bias/intercept)`);
  notebook.print(`w_1: ${fit.coefficients[0].toFixed(2)}`);
}
