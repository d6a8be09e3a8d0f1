/** The files of a project. */
import { sameShape } from "@flambeau/backend";
import type { Module } from "@flambeau/nn";
import { savePt, saveSafetensors } from "@flambeau/serialization";
import { getRngState, Tensor, tensor } from "@flambeau/tensor";
import { emitModel } from "./code/index.ts";
import { namesOf, shardsOf } from "./data.ts";
import { torchOf } from "./optimizer.ts";
import { firstBatches, type Parity, parityOf, recordSteps } from "./parity.ts";
import type { Plan } from "./plan.ts";
import { checkpoint } from "./python/checkpoint.ts";
import { dataset } from "./python/dataset.ts";
import { parity as parityProgram } from "./python/parity.ts";
import { processes } from "./python/processes.ts";
import { train } from "./python/train.ts";
import { readmeOf } from "./readme.ts";
import { recipeOf } from "./recipe.ts";

/** A file's path in the project, and its bytes. */
export type ProjectFile = readonly [path: string, bytes: Uint8Array];

/** The files, one after the other, so that shards of rows need not be in memory together. */
export async function* projectFiles(plan: Plan): AsyncGenerator<ProjectFile> {
  const { model, inputs, loss, optimizer, schedule, columns, evaluation, device } = plan;
  const rows = Math.min(columns.length, Math.max(2, inputs[0].shape[0]));
  const example = (await columns.batch(0, rows)).map((x) => x.to(device));
  const batches = await firstBatches(plan);
  // From here to where something is waited for, so that all files are of one moment.
  const random = tensor(getRngState());
  const rest = example.slice(inputs.length);
  const emitted = emitModel(model, {
    inputs: example.slice(0, inputs.length),
    loss,
    rest: rest.length > 0 ? rest : undefined,
  });
  const keys = parameterKeys(model, emitted.keys);
  const recorded = recordSteps(plan, batches, emitted.random, keys);
  const names = namesOf(columns.first.length, inputs.length);
  const used = new Set(recorded[0].gradients.map(([key]) => key));
  const unused = [...keys.values()].filter((key) => !used.has(key));
  const recipe = recipeOf(plan, names, { keys, order: [...emitted.tensors.keys()], unused });
  const [weights, optimizerState, state, parity] = await Promise.all([
    saveSafetensors(emitted.tensors, { metadata: metadataOf(emitted.tensors, emitted.keys) }),
    savePt(optimizer.stateDict()),
    savePt({ scheduler: schedule?.stateDict() ?? null, random }),
    parityOf(recorded),
  ]);
  yield text("README.md", readmeOf(plan));
  yield text("requirements.txt", `torch>=${torchOf(optimizer)}\nnumpy\n`);
  yield text("model.py", emitted.source);
  yield text("recipe.py", recipe);
  yield text("train.py", train);
  yield text("checkpoint.py", checkpoint);
  yield text("processes.py", processes);
  yield text("dataset.py", dataset);
  yield text("parity.py", parityProgram);
  yield text("parity.json", jsonOf(parity));
  yield ["weights.safetensors", weights];
  yield ["optimizer.pt", optimizerState];
  yield ["state.pt", state];
  yield* shardsOf("train", columns, names, plan.shardBytes);
  if (evaluation !== null) yield* shardsOf("evaluation", evaluation, names, plan.shardBytes);
}

/** Python's key of each parameter: the first, where it has several. Entries of a state dict share the memory of what they are. */
function parameterKeys(model: Module, keys: ReadonlyMap<string, string>): Map<Tensor, string> {
  const entries = new Map<unknown, [string, Tensor][]>();
  for (const [key, x] of Object.entries(model.stateDict())) {
    if (!(x instanceof Tensor)) continue;
    entries.set(x.storage, [...(entries.get(x.storage) ?? []), [key, x]]);
  }
  return new Map(
    model.parameters().map((parameter) => {
      const { storage, offset, shape } = parameter;
      const found = entries.get(storage)?.find(([, x]) => x.offset === offset && sameShape(x.shape, shape));
      const [key] = found as [string, Tensor];
      return [parameter, keys.get(key) ?? key];
    }),
  );
}

function text(name: string, content: string): ProjectFile {
  return [name, new TextEncoder().encode(content)];
}

function jsonOf(parity: Parity): string {
  return `${JSON.stringify(parity, null, 1)}\n`;
}

/** The keys of the program here, for the way back; null for a constant that is no part of its state. */
function metadataOf(
  tensors: ReadonlyMap<string, Tensor>,
  keys: ReadonlyMap<string, string>,
): Record<string, string> {
  const own = new Map([...keys].map(([key, python]) => [python, key]));
  const renamed = [...tensors.keys()].map((key) => [key, own.get(key) ?? null] as const);
  const differing = renamed.filter(([key, name]) => key !== name);
  return { format: "pt", flambeau: JSON.stringify(Object.fromEntries(differing)) };
}
