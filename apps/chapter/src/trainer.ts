import type { Tensor } from "flambeau";

/** What makes of a batch and its targets a loss. */
export type Criterion = (output: Tensor, target: Tensor) => Tensor;

/** The part of an optimizer that training needs. */
export interface Stepper {
  zeroGrad(): void;
  step(): unknown;
}

/** Batches of inputs and targets, of which `length` make an epoch. */
export interface Batches extends Iterable<readonly Tensor[]> {
  readonly length: number;
}

/** Options of {@link trainer}. */
export interface TrainerOptions {
  /** How often to go through all batches. Default 5. */
  readonly epochs?: number;
  /** Whether to print each epoch's loss. Default true. */
  readonly verbose?: boolean;
  /** Whether to make the model's output a list, for one output a row. Default true. */
  readonly flatten?: boolean;
  /** Where to print. Default `console.log`. */
  readonly print?: (line: string) => void;
}

/**
 * The chapter's training loop.
 *
 * The loss of an epoch is the mean over its batches, as the chapter's code has it. The losses printed in the chapter
 * come from other code: they are those sums divided by 50, the size of a batch (docs/about-the-chapter.md).
 *
 * @returns the loss of each epoch.
 */
export async function trainer(
  model: (x: Tensor) => Tensor,
  criterion: Criterion,
  optimizer: Stepper,
  dataloader: Batches,
  { epochs = 5, verbose = true, flatten = true, print = console.log }: TrainerOptions = {},
): Promise<number[]> {
  const means: number[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    let losses = 0;
    for (const [X, y] of dataloader) {
      optimizer.zeroGrad(); // forget the gradients of the last step
      const output = model(X); // forward pass
      const loss = criterion(flatten ? output.flatten() : output, y);
      loss.backward(); // gradients of the parameters
      optimizer.step(); // new parameters
      losses += await loss.item();
    }
    means.push(losses / dataloader.length);
    if (verbose) print(`epoch: ${epoch + 1}, loss: ${means[epoch].toFixed(4)}`);
  }
  return means;
}
