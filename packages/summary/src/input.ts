import { type DType, quote, ShapeError, ValueError } from "@flambeau/backend";
import { cat, rand, Tensor } from "@flambeau/tensor";

/** One input's shape without the batch, several such shapes, one input, or several. */
export type SummaryInput = readonly number[] | readonly (readonly number[])[] | Tensor | readonly Tensor[];

/** Inputs for one run, and the shapes to report. */
export interface PreparedInput {
  readonly inputs: Tensor[];
  readonly sizes: (readonly number[])[];
}

/** What shapes become tensors by. */
export interface InputOptions {
  readonly batchDim: number | null;
  readonly dtypes?: readonly DType[];
  readonly device: string;
}

/**
 * The model's inputs. For a shape, random numbers from the default generator, the same for each of a batch of two: as
 * many draws as in PyTorch, so that what follows a summary there and here is alike.
 *
 * @throws ShapeError when a size is not positive; ValueError when the input is neither shapes nor tensors.
 */
export function prepareInput(given: SummaryInput, options: InputOptions): PreparedInput {
  if (given instanceof Tensor) return { inputs: [given.to(options.device)], sizes: [given.shape] };
  if (!Array.isArray(given) || given.length === 0) {
    throw new ValueError(
      `summary takes a shape such as [3], several such shapes, a tensor, or several tensors; got ${quote(given)}`,
    );
  }
  if (given.every((x) => x instanceof Tensor)) {
    return { inputs: given.map((x) => x.to(options.device)), sizes: given.map((x) => x.shape) };
  }
  const sizes = (typeof given[0] === "number" ? [given] : given) as (readonly number[])[];
  for (const size of sizes) {
    if (!Array.isArray(size) || !size.every((n) => Number.isInteger(n) && n > 0)) {
      throw new ShapeError(`summary: an input's shape is an array of positive sizes; got ${quote(size)}`);
    }
  }
  const dtypes = options.dtypes ?? sizes.map(() => "float32" as const);
  if (dtypes.length < sizes.length) {
    throw new ValueError(`summary: ${sizes.length} inputs need as many dtypes; got ${dtypes.length}`);
  }
  return { inputs: sizes.map((size, i) => randomInput(size, dtypes[i], options)), sizes };
}

function randomInput(size: readonly number[], dtype: DType, options: InputOptions): Tensor {
  const one = rand([...size]);
  const { batchDim } = options;
  const batch = batchDim === null ? one : cat([one.unsqueeze(batchDim), one.unsqueeze(batchDim)], batchDim);
  return batch.to({ device: options.device, dtype });
}
