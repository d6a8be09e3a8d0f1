import { ArgumentError, isPlainObject, quote, ValueError } from "@flambeau/backend";
import { type LoadSource, load } from "@flambeau/files";
import { Module, StateDictError } from "@flambeau/nn";
import type { Optimizer } from "@flambeau/optim";
import { type Callable, callable, describeValue, type Generator, Tensor } from "@flambeau/tensor";
import type { Schedule } from "./schedule.ts";

interface Types {
  /** A checkpoint of `train.py`, or a file of weights: as `load` of `@flambeau/files` takes it. */
  readonly checkpoint: LoadSource;
  /** The model that takes the weights. */
  readonly model: Module;
  /** The optimizer that goes on from the checkpoint's. */
  readonly optimizer?: Optimizer;
  /** The schedule that goes on from the checkpoint's. */
  readonly schedule?: Schedule;
  /** The generator that goes on from that of the checkpoint's first process. */
  readonly generator?: Generator;
  /** Whether missing and unexpected keys are refused. Default true. Shapes have to match anyway. */
  readonly strict?: boolean;
}

/** How far the training is that was brought back. */
export interface Imported {
  /** How many steps it took in all; null where the file says nothing of it. */
  readonly step: number | null;
  /** How many epochs are over; null where the file says nothing of it. */
  readonly epoch: number | null;
}

const SIGNATURE =
  "importPyTorch(checkpoint: file|bytes, *, model: any, optimizer?: any, schedule?: any, generator?: generator, strict = true)";

/**
 * Brings back what PyTorch has trained: the weights of a checkpoint that `train.py` wrote, or of a `.safetensors` or `.pt` file with a state dict, and, of a
 * checkpoint, the states of the optimizer and the schedule. Keys may begin with "module." and "_orig_mod.", as those of models that
 * DistributedDataParallel and `torch.compile` have wrapped. When one part does not fit, all stay as they were.
 *
 * @returns how far the training is.
 * @throws StateDictError of `nn` when keys are missing or unexpected, or shapes differ; ValueError when the file has no state for a part that is given; and as
 *   their `loadStateDict`, and `load`.
 *
 * @example
 * ```ts
 * import { importPyTorch } from "@flambeau/export-pytorch";
 * import { nn, ones, savePt } from "flambeau";
 *
 * const model = new nn.Linear(2, 1);
 * const checkpoint = await savePt({ model: { "module.weight": ones([1, 2]), "module.bias": ones([1]) }, step: 7 });
 * const { step } = await importPyTorch(checkpoint, { model });
 * console.log(step, String(model(ones([1, 2])).detach()));
 * // 7 tensor([[3.]])
 * ```
 */
export const importPyTorch: Callable<typeof SIGNATURE, Promise<Imported>, Types> = callable<
  typeof SIGNATURE,
  Promise<Imported>,
  Types
>(SIGNATURE, async (source, { model, optimizer, schedule, generator, strict }) => {
  if (!(model instanceof Module))
    throw new ArgumentError(`importPyTorch: model is a module; got ${describeValue(model)}`);
  for (const [name, part] of Object.entries({ optimizer, schedule }))
    if (part !== undefined && !isStateful(part))
      throw new ArgumentError(
        `importPyTorch: ${name} has a state dict, as those of optim; got ${describeValue(part)}`,
      );
  const saved: unknown = await load(source);
  const checkpoint = checkpointOf(saved);
  const weights = weightsOf(checkpoint);
  const parts: (readonly [name: string, part: Stateful | undefined, state: unknown])[] = [
    ["optimizer", optimizer, checkpoint.optimizer],
    ["scheduler", schedule, withoutFlags(checkpoint.scheduler)],
  ];
  for (const [name, part, state] of parts) {
    if (part === undefined || isPlainObject(state)) continue;
    throw new ValueError(
      `importPyTorch: the file has no state of ${name === "optimizer" ? "an optimizer" : "a schedule"}; it has ${quote(Object.keys(saved as object))}`,
    );
  }
  const random = generator === undefined ? null : await randomOf(checkpoint.random);
  const undo: (() => void)[] = [];
  try {
    if (generator !== undefined && random !== null) {
      const before = generator.getState();
      generator.setState(random);
      undo.push(() => generator.setState(before));
    }
    for (const [, part, state] of parts.toReversed()) {
      if (part === undefined) continue;
      const before = part.stateDict();
      part.loadStateDict(state);
      undo.push(() => part.loadStateDict(before));
    }
    // Last, since it changes all or nothing.
    model.loadStateDict(weights, strict);
  } catch (error) {
    for (const back of undo.reverse()) back();
    throw error;
  }
  const { step, epoch } = checkpoint;
  return {
    step: typeof step === "number" ? step : null,
    epoch: typeof epoch === "number" ? epoch : null,
  };
});

/** What has a state. */
interface Stateful {
  stateDict(): object;
  // biome-ignore lint/suspicious/noExplicitAny: each class has a state dict of its own
  loadStateDict(state: any): unknown;
}

function isStateful(part: unknown): boolean {
  return typeof (part as Partial<Stateful> | null)?.loadStateDict === "function";
}

type Checkpoint = Readonly<Record<string, unknown>>;

/** A checkpoint; a file of weights is one that has nothing else. */
function checkpointOf(saved: unknown): Checkpoint {
  if (!isPlainObject(saved))
    throw new ValueError(
      `importPyTorch: the file is neither a checkpoint nor a state dict; it has ${describeValue(saved)}`,
    );
  const checkpoint = saved as Checkpoint;
  return isPlainObject(checkpoint.model) ? checkpoint : { model: checkpoint };
}

const WRAPPED = /^(module\.|_orig_mod\.)+/;

/** The weights under the keys of the model here. */
function weightsOf({ model, metadata }: Checkpoint): Record<string, Tensor> {
  const names = namesOf(metadata);
  const weights: Record<string, Tensor> = {};
  for (const [given, x] of Object.entries(model as Readonly<Record<string, Tensor>>)) {
    const key = given.replace(WRAPPED, "");
    const name = Object.hasOwn(names, key) ? names[key] : key;
    // A constant of the program here, which is a buffer there.
    if (name === null) continue;
    if (Object.hasOwn(weights, name))
      throw new StateDictError(
        `importPyTorch: two keys of the file are that of ${quote(name)}`,
        [],
        [given],
        [],
      );
    weights[name] = x;
  }
  return weights;
}

/** The keys that the export wrote otherwise; null for a constant. */
function namesOf(metadata: unknown): Readonly<Record<string, string | null>> {
  const text = isPlainObject(metadata) ? (metadata as Checkpoint).flambeau : undefined;
  if (typeof text !== "string") return {};
  return JSON.parse(text) as Record<string, string | null>;
}

/** A schedule's state without what only says where newer releases of PyTorch are in a call. */
function withoutFlags(state: unknown): unknown {
  if (Array.isArray(state)) return state.map(withoutFlags);
  if (!isPlainObject(state)) return state;
  const entries = Object.entries(state as object).filter(([key]) => key !== "_is_initial");
  return Object.fromEntries(
    entries.map(([key, value]) => [key, key === "_schedulers" ? withoutFlags(value) : value]),
  );
}

/** The state of the first process. */
async function randomOf(given: unknown): Promise<Uint8Array> {
  const state = Array.isArray(given) ? (given[0] as Checkpoint | undefined)?.cpu : undefined;
  if (state instanceof Tensor && state.dtype === "uint8") return state.data<Uint8Array>();
  throw new ValueError("importPyTorch: the file has no state of random numbers");
}
