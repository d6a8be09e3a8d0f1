/** model.py: a model as the code of a PyTorch module. */
import { checkOptions } from "@flambeau/graph";
import type { Module } from "@flambeau/nn";
import type { Tensor } from "@flambeau/tensor";
import { emitFile } from "./file.ts";
import type { Loss } from "./structure/traced.ts";

export { ExportError } from "./errors.ts";
export type { Loss } from "./structure/traced.ts";

/** What `emitModel` is given beside the model. */
export interface EmitOptions {
  /** Example arguments of the model. The first dimension of each tensor is the batch. */
  readonly inputs: readonly unknown[];
  /** A loss module, or a function of the model's output and the rest of a batch. */
  readonly loss: Loss;
  /** What the loss is given behind the output; undefined for the inputs again. */
  readonly rest: readonly Tensor[] | undefined;
}

/** The code of a model. */
export interface EmittedModel {
  /** The text of model.py. */
  readonly source: string;
  /** What weights.safetensors holds: by the keys of Python's state dict. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** The key in Python of each key of the model's state dict. */
  readonly keys: ReadonlyMap<string, string>;
  /** Whether the model draws random numbers in training. */
  readonly random: boolean;
}

/**
 * Writes a model as Python code for PyTorch: a class for each class of the user, `build_model()`, and `loss_fn(output, ...)`. The calls are
 * those of a trace: what depends on elements of tensors is refused.
 *
 * @throws TraceError when the model reads elements or loops over the batch; ExportError when it calls what PyTorch 1.13 does not have;
 *   ArgumentError when an argument is wrong.
 *
 * @example
 * ```ts
 * import { emitModel } from "@flambeau/export-pytorch";
 * import { nn, randn, tensor } from "flambeau";
 *
 * const model = new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU());
 * const { source } = emitModel(model, { inputs: [randn([4, 2])], loss: new nn.MSELoss(), rest: [randn([4, 3])] });
 * console.log(source.split("\n").filter((line) => line.includes("return")).join("\n"));
 * //     return nn.Sequential(nn.Linear(2, 3), nn.ReLU())
 * //     return nn.MSELoss()(output, target)
 * ```
 */
export function emitModel(model: Module, options: EmitOptions): EmittedModel {
  checkOptions("emitModel", ["inputs", "loss", "rest"], options);
  const { inputs, loss, rest } = options;
  return emitFile(model, loss, inputs, rest);
}
