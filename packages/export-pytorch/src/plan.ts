/** What is exported, checked. */
import { ArgumentError, quote, ValueError } from "@flambeau/backend";
import { Module } from "@flambeau/nn";
import type { Optimizer } from "@flambeau/optim";
import { Tensor } from "@flambeau/tensor";
import type { Loss } from "./code/index.ts";
import { type Columns, checkAlike, checkFits, columnsOf, type Rows } from "./data.ts";
import { checkOptimizer } from "./optimizer.ts";
import { checkSchedule, isOfBatches, type Schedule } from "./schedule.ts";

/** What `exportPyTorch` takes beside the model and the target. */
export interface Training {
  /** What the model is called with, as an example: tensors with a batch as dimension 0. */
  readonly inputs: readonly Tensor[];
  /** A loss module, or a function of the model's output and the rest of a batch; where no rest is left, of the inputs. */
  readonly loss: Loss;
  /** The optimizer, in whatever state it is. */
  readonly optimizer: Optimizer;
  /** The schedule of its learning rate. */
  readonly schedule?: Schedule | null;
  /** When the schedule goes on. Default "batch" for OneCycleLR and CyclicLR, else "epoch". */
  readonly scheduleStep?: "batch" | "epoch";
  /** The rows that are trained on. */
  readonly data: Rows;
  /** Rows whose mean loss is printed at the end. */
  readonly evaluation?: Rows | null;
  /** How many rows a process takes in a step. */
  readonly batchSize: number;
  /** Whether a last batch of fewer rows is left out. Default false. */
  readonly dropLast?: boolean;
  /** How many epochs train.py has unless it is told. Default 10. */
  readonly epochs?: number;
  /** What shuffles the rows there. Default 0. */
  readonly seed?: number;
  /** How many steps are run here for parity.py. Default 20. */
  readonly paritySteps?: number;
  /** The size of a file of rows, in bytes. Default 256 MiB. */
  readonly shardBytes?: number;
}

/** What is exported. */
export interface Plan {
  readonly model: Module;
  readonly inputs: readonly Tensor[];
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  readonly schedule: Schedule | null;
  readonly scheduleStep: "batch" | "epoch";
  readonly columns: Columns;
  readonly evaluation: Columns | null;
  readonly batchSize: number;
  readonly dropLast: boolean;
  readonly epochs: number;
  readonly seed: number;
  readonly paritySteps: number;
  readonly shardBytes: number;
  /** Where the model is. */
  readonly device: string;
}

/** Arguments with their defaults. */
export type Given = Required<Omit<Training, Absent>> & Pick<Training, Absent>;
type Absent = "schedule" | "scheduleStep" | "evaluation";

/**
 * @throws ArgumentError, ValueError, ShapeError, DTypeError for what cannot be exported.
 */
export async function planOf(model: Module, given: Given): Promise<Plan> {
  const { inputs, loss, optimizer, schedule = null, batchSize, dropLast, epochs, seed } = given;
  const { paritySteps, shardBytes } = given;
  if (!(model instanceof Module))
    throw new ArgumentError(`exportPyTorch: model is a module; got ${quote(model)}`);
  if (
    !Array.isArray(inputs) ||
    inputs.length === 0 ||
    !inputs.every((x) => x instanceof Tensor && x.ndim > 0)
  )
    throw new ArgumentError(
      `exportPyTorch: inputs is an array of tensors whose dimension 0 is the batch; got ${quote(inputs)}`,
    );
  if (typeof loss !== "function")
    throw new ArgumentError(`exportPyTorch: loss is a loss module or a function; got ${quote(loss)}`);
  checkCount("batchSize", batchSize, 1);
  checkCount("epochs", epochs, 0);
  checkCount("seed", seed, 0);
  checkCount("paritySteps", paritySteps, 1);
  checkCount("shardBytes", shardBytes, 1);
  checkOptimizer(model, optimizer);
  if (schedule !== null) checkSchedule(schedule, optimizer);
  else if (given.scheduleStep !== undefined)
    throw new ValueError("exportPyTorch: scheduleStep is of a schedule; give it, too");
  const columns = await columnsOf("data", given.data);
  checkFits(columns, inputs);
  if (dropLast && columns.length < batchSize)
    throw new ValueError(
      `exportPyTorch: with dropLast there is no batch: data has ${columns.length} rows, batchSize is ${batchSize}`,
    );
  const evaluation = given.evaluation == null ? null : await columnsOf("evaluation", given.evaluation);
  if (evaluation !== null) checkAlike(evaluation, columns);
  const usual = schedule !== null && isOfBatches(schedule) ? "batch" : "epoch";
  return {
    ...{ model, inputs, loss, optimizer, schedule },
    scheduleStep: given.scheduleStep ?? usual,
    ...{
      columns,
      evaluation,
      batchSize,
      dropLast,
      epochs,
      seed,
      paritySteps,
      shardBytes,
    },
    device: [...model.parameters()][0]?.device ?? "cpu",
  };
}

function checkCount(name: string, value: unknown, least: number): void {
  if (!Number.isSafeInteger(value) || (value as number) < least)
    throw new ValueError(`exportPyTorch: ${name} is an integer from ${least}; got ${quote(value)}`);
}
