import { noGrad } from "@flambeau/autograd";
import { type DType, FlambeauError, quote, ValueError } from "@flambeau/backend";
import type { Module } from "@flambeau/nn";
import { type Callable, callable } from "@flambeau/tensor";
import { type Collection, collect } from "./collect.ts";
import { type PreparedInput, prepareInput, type SummaryInput } from "./input.ts";
import { ModelStatistics } from "./statistics.ts";
import { COLUMN_TITLES, type ColumnName } from "./table.ts";

/** Options of `summary`. */
export interface SummaryOptions {
  /** How many levels of nested modules to show. Default 3. */
  readonly depth?: number;
  /** The columns after the layer's name. Default "output_size" and "num_params"; without an input only "num_params". */
  readonly colNames?: readonly ColumnName[];
  /** How many characters a column has. Default 25. */
  readonly colWidth?: number;
  /** Where a shape gets its batch; null when it has one. Default 0. */
  readonly batchDim?: number | null;
  /** The dtypes of inputs made from shapes. Default float32. */
  readonly dtypes?: readonly DType[];
  /** Draw branches before the names. Default true. */
  readonly branching?: boolean;
  /** 2 also shows weights inside layers (of recurrent ones, say). Nothing is printed whatever it is. Default 1. */
  readonly verbose?: 0 | 1 | 2;
  /** Further arguments of the model's `forward`. */
  readonly args?: readonly unknown[];
}

/** What `summary` takes. */
interface Types extends SummaryOptions {
  /** The model. */
  readonly model: Module;
  /** One input's shape without the batch (`[3]`), several shapes, a tensor, or several tensors. */
  readonly inputData: SummaryInput | null;
}

/** What torch-summary takes after the input is for the model; here they are `args`. */
const SIGNATURE =
  "summary(model: module, inputData?: tensor|array, *, batchDim: int|null = 0, branching = true, colNames?: array, colWidth = 25, depth = 3, dtypes?: array, verbose = 1, args?: array)";

/**
 * A table of a model's layers, the shapes they give, their parameters and mult-adds: torch-summary 1.4.4's, to the
 * character. Only totals differ where torch-summary counts what layers share as often as there are layers, and does not
 * count parameters that lie beside layers: here each parameter counts once. Nothing is printed: `String(summary(...))` is the table, and `console.log` shows it.
 *
 * The model runs once, in evaluation mode and without recording; it is afterwards as it was. Without an input it does
 * not run, and the table has parameters only.
 *
 * @throws ValueError when an option, a column or the input is none; ShapeError when a size is not positive;
 *   FlambeauError when the model does not run on the input, with what it threw as its `cause`.
 *
 * @example
 * ```ts
 * import { nn, summary } from "flambeau";
 *
 * const model = new nn.Sequential(new nn.Linear(1, 3), new nn.Sigmoid(), new nn.Linear(3, 1));
 * console.log(String(summary(model, [1])));
 * // ==========================================================================================
 * // Layer (type:depth-idx)                   Output Shape              Param #
 * // ==========================================================================================
 * // ├─Linear: 1-1                            [-1, 3]                   6
 * // ├─Sigmoid: 1-2                           [-1, 3]                   --
 * // ├─Linear: 1-3                            [-1, 1]                   4
 * // ==========================================================================================
 * // Total params: 10
 * // Trainable params: 10
 * // Non-trainable params: 0
 * // Total mult-adds (M): 0.00
 * // ==========================================================================================
 * // Input size (MB): 0.00
 * // Forward/backward pass size (MB): 0.00
 * // Params size (MB): 0.00
 * // Estimated Total Size (MB): 0.00
 * // ==========================================================================================
 * ```
 */
export const summary: Callable<typeof SIGNATURE, ModelStatistics, Types> = callable<
  typeof SIGNATURE,
  ModelStatistics,
  Types
>(SIGNATURE, (model, input, options) => {
  const { depth, colWidth, batchDim, branching, verbose } = options;
  const colNames = options.colNames ?? (input == null ? ["num_params"] : ["output_size", "num_params"]);
  checkOptions(depth, colNames, input != null);
  const collection: Collection = {
    batchDim,
    depth,
    layers: [],
    calls: new Map(),
    hooks: input == null ? null : [],
  };
  let sizes: PreparedInput["sizes"] = [];
  if (input == null) {
    collect(model, model, collection);
  } else {
    const device = model.parameters()[0]?.device ?? "cpu";
    const prepared = prepareInput(input, { batchDim, dtypes: options.dtypes, device });
    sizes = prepared.sizes;
    run(model, [...prepared.inputs, ...(options.args ?? [])], collection);
  }
  return new ModelStatistics(model, collection.layers, sizes, {
    branching,
    colNames,
    colWidth,
    depth,
    verbose,
  });
});

function checkOptions(depth: number, colNames: readonly ColumnName[], runs: boolean): void {
  if (!Number.isInteger(depth) || depth < 0)
    throw new ValueError(`summary: depth is an integer from 0; got ${quote(depth)}`);
  for (const name of colNames) {
    if (!Object.hasOwn(COLUMN_TITLES, name)) {
      throw new ValueError(
        `summary has no column ${quote(name)}; its columns are ${Object.keys(COLUMN_TITLES).join(", ")}`,
      );
    }
    if (!runs && name !== "num_params" && name !== "kernel_size") {
      throw new ValueError(`summary: the column "${name}" needs an input for the model to run on`);
    }
  }
}

/** Runs the model with its hooks, and leaves it as it was. */
function run(model: Module, args: readonly unknown[], collection: Collection): void {
  const modes = model.modules().map((module) => [module, module.training] as const);
  try {
    collect(model, model, collection);
    model.eval();
    noGrad(() => model(...args));
  } catch (error) {
    const done = collection.layers.filter((layer) => layer.executed).join(", ");
    const message = error instanceof Error ? error.message : String(error);
    throw new FlambeauError(
      `summary: the model does not run on this input: ${message} (layers run before: ${done || "none"})`,
      {
        cause: error,
      },
    );
  } finally {
    for (const remove of collection.hooks ?? []) remove();
    for (const [module, training] of modes) module.training = training;
  }
}
