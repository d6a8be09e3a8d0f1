import { TraceError } from "@flambeau/graph";
import type { Module } from "@flambeau/nn";
import * as nn from "@flambeau/nn";
import type { Tensor } from "@flambeau/tensor";

/** A loss: a module, or a function of the model's output and the rest of a batch. */
// biome-ignore lint/suspicious/noExplicitAny: an output may be a tensor, or an array or object of them
export type Loss = Module | ((output: any, ...rest: any[]) => Tensor);

/** A model as Python. */
export interface EmittedModel {
  /** `model.py`. */
  readonly source: string;
  /** What `weights.safetensors` holds, by Python's key. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Python's keys by those of the state dict. */
  readonly keys: ReadonlyMap<string, string>;
  /** Whether the model draws random numbers in training. */
  readonly random: boolean;
}

/** A stand-in for the emitter: a Sequential of a few layers. */
export function emitModel(
  model: Module,
  { loss }: { inputs: readonly unknown[]; loss: Loss; rest: readonly Tensor[] | undefined },
): EmittedModel {
  const layers = [...(model as nn.Sequential)].map((layer) => `        ${pythonOf(layer)},`);
  const state = model.stateDict({ snakeCase: true });
  const lossName = loss instanceof nn.CrossEntropyLoss ? "CrossEntropyLoss" : "MSELoss";
  const source = `from torch import nn


def build_model():
    return nn.Sequential(
${layers.join("\n")}
    )


def loss_fn(output, target):
    return nn.${lossName}()(output, target)
`;
  return {
    source,
    tensors: new Map(Object.entries(state)),
    keys: new Map(Object.keys(state).map((key) => [key, key])),
    random: [...(model as nn.Sequential)].some((layer) => layer instanceof nn.Dropout),
  };
}

function pythonOf(layer: Module): string {
  if (layer instanceof nn.Linear) return `nn.Linear(${layer.inFeatures}, ${layer.outFeatures})`;
  if (layer instanceof nn.Conv2d)
    return `nn.Conv2d(${layer.inChannels}, ${layer.outChannels}, ${layer.kernelSize[0]})`;
  if (layer instanceof nn.BatchNorm1d) return `nn.BatchNorm1d(${layer.numFeatures})`;
  if (layer instanceof nn.Dropout) return `nn.Dropout(${layer.p})`;
  if (layer instanceof nn.ReLU) return "nn.ReLU()";
  if (layer instanceof nn.Flatten) return "nn.Flatten()";
  throw new TraceError(`exportPyTorch: no Python for a ${layer.constructor.name}`);
}
