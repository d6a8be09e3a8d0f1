import { linspace, nn, plot } from "flambeau";
import type { Notebook } from "./notebook.ts";

/** Section 4: six activation functions side by side. */
export async function activations(notebook: Notebook): Promise<void> {
  notebook.heading("4 Activation functions");
  const functions = [nn.Sigmoid, nn.Tanh, nn.Softplus, nn.ReLU, nn.LeakyReLU, nn.SELU];
  await notebook.figure("4-activations.svg", await plot.plotActivations(linspace(-6, 6, 100), functions));
}
