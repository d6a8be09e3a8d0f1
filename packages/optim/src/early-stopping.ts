import { ArgumentError, isPlainObject, quote, ValueError } from "@flambeau/backend";
import { type Args, bind, describeValue, Tensor } from "@flambeau/tensor";
import { checkRange } from "./check.ts";

const SIGNATURE = "EarlyStopping(patience = 10, minDelta = 0, mode: 'min'|'max' = 'min')";
const STEP = "step(metric: number|tensor, model?: any)";
const RESTORE = "restoreBest(model: any)";

interface Types {
  /** How many epochs without progress it takes to stop. Default 10. */
  readonly patience?: number;
  /** How much better than the best the metric has to be to count. Default 0. */
  readonly minDelta?: number;
  /** Whether the metric gets better by going down or up. Default "min". */
  readonly mode?: "min" | "max";
}

/** What has weights: a module. */
interface Stateful {
  stateDict(): object;
  // biome-ignore lint/suspicious/noExplicitAny: each class has a state dict of its own
  loadStateDict(state: any): unknown;
}

interface StepTypes {
  /** The epoch's metric. */
  readonly metric: number | Tensor;
  /** Whose weights are kept. */
  readonly model?: Stateful | null;
}

/** What `stateDict` of an `EarlyStopping` gives. */
export interface EarlyStoppingState {
  /** How many epochs without progress it takes to stop. */
  readonly patience: number;
  /** How much better the metric has to be to count. */
  readonly min_delta: number;
  /** Whether the metric gets better by going down or up. */
  readonly mode: "min" | "max";
  /** The best metric so far. */
  readonly best: number;
  /** Which call of `step` had it. */
  readonly best_epoch: number;
  /** How many calls there were since without progress. */
  readonly num_bad_epochs: number;
  /** Counts `step` calls. */
  readonly last_epoch: number;
  /** The model's state then, or null. */
  readonly weights: Readonly<Record<string, unknown>> | null;
}

/**
 * Says when training should stop because a metric has not got better for `patience` epochs, and keeps the best epoch's weights. PyTorch has
 * none; this one counts as those of Keras and Lightning. A metric of nan is no better.
 *
 * @throws ArgumentError when the mode is unknown; ValueError when `patience` is no integer from 1, or `minDelta` is below 0.
 *
 * @example
 * ```ts
 * import { nn, optim } from "flambeau";
 *
 * const model = new nn.Linear(2, 1);
 * const stopping = new optim.EarlyStopping({ patience: 2 });
 * for (const loss of [3, 2, 2.5, 2.25, 1]) {
 *   // ... an epoch of training, and its loss on other data
 *   if (stopping.step(loss, model)) break;
 * }
 * stopping.restoreBest(model);
 * console.log(stopping.best, stopping.bestEpoch, stopping.lastEpoch);
 * // 2 2 4
 * ```
 */
export class EarlyStopping {
  /** How many epochs without progress it takes to stop. */
  patience: number;
  /** How much better than the best the metric has to be to count. */
  minDelta: number;
  /** Whether the metric gets better by going down or up. */
  mode: "min" | "max";
  /** The best metric so far. */
  best: number;
  /** Which call of `step` had it, from 1 on; 0 before. */
  bestEpoch: number = 0;
  /** How many calls there were since without progress. */
  numBadEpochs: number = 0;
  /** Counts `step` calls. */
  lastEpoch: number = 0;
  #weights: Readonly<Record<string, unknown>> | null = null;

  constructor(...args: Args<typeof SIGNATURE, Types>) {
    const { patience, minDelta, mode } = bind<typeof SIGNATURE, Types>(SIGNATURE, args);
    if (!Number.isSafeInteger(patience) || patience < 1)
      throw new ValueError(`EarlyStopping: patience is an integer from 1; got ${quote(patience)}`);
    checkRange("minDelta", minDelta);
    this.patience = patience;
    this.minDelta = minDelta;
    this.mode = mode;
    this.best = mode === "min" ? Infinity : -Infinity;
  }

  /** Whether there were `patience` epochs without progress. */
  get stopped(): boolean {
    return this.numBadEpochs >= this.patience;
  }

  /**
   * Looks at an epoch's metric: a number, or a tensor of one element on a device that can be read at once (elsewhere give
   * `await loss.item()`). When it is the best so far, a copy of the model's weights is kept, where a model is given.
   *
   * @returns whether training should stop.
   * @throws ArgumentError when the model has no state dict; DeviceError when the metric is a tensor elsewhere. Nothing has changed then.
   */
  step(...args: Args<typeof STEP, StepTypes>): boolean {
    const { metric, model } = bind<typeof STEP, StepTypes>(STEP, args);
    if (model !== undefined) checkModel("step", model);
    const current = metric instanceof Tensor ? Number(metric.itemSync()) : metric;
    if (this.#isBetter(current)) {
      // Weights of an earlier epoch are not those of the best any more.
      this.#weights = model === undefined ? null : copied(model.stateDict());
      this.best = current;
      this.bestEpoch = this.lastEpoch + 1;
      this.numBadEpochs = 0;
    } else {
      this.numBadEpochs++;
    }
    this.lastEpoch++;
    return this.stopped;
  }

  /**
   * Gives a model the weights of the best epoch.
   *
   * @throws ValueError when none are kept: there was no step, or it was not given the model; as the model's `loadStateDict`.
   */
  restoreBest(...args: Args<typeof RESTORE, { readonly model: Stateful }>): void {
    const { model } = bind<typeof RESTORE, { readonly model: Stateful }>(RESTORE, args);
    checkModel("restoreBest", model);
    if (this.#weights === null)
      throw new ValueError("restoreBest: no weights are kept; give them to each step: step(loss, model)");
    model.loadStateDict(copied(this.#weights));
  }

  /** All that it goes on from, with the best epoch's weights: for `extra` or `scheduler` of a checkpoint. */
  stateDict(): EarlyStoppingState {
    return {
      patience: this.patience,
      min_delta: this.minDelta,
      mode: this.mode,
      best: this.best,
      best_epoch: this.bestEpoch,
      num_bad_epochs: this.numBadEpochs,
      last_epoch: this.lastEpoch,
      weights: this.#weights === null ? null : copied(this.#weights),
    };
  }

  /**
   * Goes on from a state that `stateDict` gave.
   *
   * @throws ArgumentError when it is no object; ValueError when something of it is missing or no such value; nothing has changed then.
   */
  loadStateDict(stateDict: EarlyStoppingState): void {
    checkState(stateDict);
    this.patience = stateDict.patience;
    this.minDelta = stateDict.min_delta;
    this.mode = stateDict.mode;
    this.best = stateDict.best;
    this.bestEpoch = stateDict.best_epoch;
    this.numBadEpochs = stateDict.num_bad_epochs;
    this.lastEpoch = stateDict.last_epoch;
    this.#weights = stateDict.weights === null ? null : copied(stateDict.weights);
  }

  #isBetter(metric: number): boolean {
    return this.mode === "min" ? metric < this.best - this.minDelta : metric > this.best + this.minDelta;
  }
}

/** A state dict that does not change with the model. */
function copied(state: object): Record<string, unknown> {
  const entries = Object.entries(state).map(([key, value]) => [
    key,
    value instanceof Tensor ? value.detach().clone() : value,
  ]);
  return Object.fromEntries(entries);
}

function checkModel(what: string, model: Partial<Stateful> | null): asserts model is Stateful {
  if (typeof model?.stateDict !== "function" || typeof model.loadStateDict !== "function")
    throw new ArgumentError(
      `${what}: model is what has stateDict() and loadStateDict(); got ${describeValue(model)}`,
    );
}

function checkState(state: unknown): void {
  if (typeof state !== "object" || state === null)
    throw new ArgumentError(`loadStateDict: stateDict is an object; got ${quote(state)}`);
  const entries = state as Readonly<Record<string, unknown>>;
  const isCount = (key: string): boolean =>
    Number.isSafeInteger(entries[key]) && (entries[key] as number) >= 0;
  const isNumber = (key: string): boolean => typeof entries[key] === "number";
  const wrong =
    ["patience", "best_epoch", "num_bad_epochs", "last_epoch"].find((key) => !isCount(key)) ??
    ["min_delta", "best"].find((key) => !isNumber(key)) ??
    (["min", "max"].includes(entries.mode as string) ? undefined : "mode") ??
    (entries.weights === null || isPlainObject(entries.weights) ? undefined : "weights");
  if (wrong !== undefined)
    throw new ValueError(
      `the state of an EarlyStopping has ${wrong}, as stateDict() gives it; got ${quote(entries[wrong])}`,
    );
}
