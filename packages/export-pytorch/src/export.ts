import { checkFolder, saveFolder } from "@flambeau/files";
import type { Module } from "@flambeau/nn";
import { type Callable, callable } from "@flambeau/tensor";
import { planOf, type Training } from "./plan.ts";
import { projectFiles } from "./project.ts";

const PROJECT =
  "pyTorchProject(model: any, *, inputs: array, loss: any, optimizer: any, schedule?: any, scheduleStep?: 'batch'|'epoch', data: any, evaluation?: any, batchSize: int, dropLast = false, epochs: int = 10, seed: int = 0, paritySteps: int = 20, shardBytes: int = 268435456)";
const EXPORT =
  "exportPyTorch(model: any, *, target: string, inputs: array, loss: any, optimizer: any, schedule?: any, scheduleStep?: 'batch'|'epoch', data: any, evaluation?: any, batchSize: int, dropLast = false, epochs: int = 10, seed: int = 0, paritySteps: int = 20, shardBytes: int = 268435456)";

interface ProjectTypes extends Training {
  /** The model, in any state. */
  readonly model: Module;
}

interface ExportTypes extends ProjectTypes {
  /** The path of the folder that is made, on Node, Bun and Deno. */
  readonly target: string;
}

/**
 * The files of a PyTorch project by their paths, in memory: what {@link exportPyTorch} writes. In a browser they can be sent to a server or put into an
 * archive.
 *
 * @throws as {@link exportPyTorch}, but for what concerns the folder.
 *
 * @example
 * ```ts
 * import { pyTorchProject } from "@flambeau/export-pytorch";
 * import { data, nn, optim, randn } from "flambeau";
 *
 * const model = new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU(), new nn.Linear(8, 1));
 * const files = await pyTorchProject(model, {
 *   inputs: [randn([2, 4])],
 *   loss: new nn.MSELoss(),
 *   optimizer: new optim.SGD(model.parameters(), { lr: 0.1 }),
 *   data: new data.TensorDataset(randn([10, 4]), randn([10, 1])),
 *   batchSize: 5,
 * });
 * console.log([...files.keys()].filter((path) => !path.endsWith(".py")).join(" "));
 * // README.md requirements.txt parity.json weights.safetensors optimizer.pt state.pt data/train-00000.safetensors
 * ```
 */
export const pyTorchProject: Callable<
  typeof PROJECT,
  Promise<Map<string, Uint8Array>>,
  ProjectTypes
> = callable<typeof PROJECT, Promise<Map<string, Uint8Array>>, ProjectTypes>(
  PROJECT,
  async (model, options) => {
    const files = new Map<string, Uint8Array>();
    for await (const [path, bytes] of projectFiles(await planOf(model, options))) files.set(path, bytes);
    return files;
  },
);

/**
 * Writes a PyTorch project that goes on with a training: the model as Python, its weights, the state of the optimizer and of the schedule, the rows of
 * the data set, and `train.py`, which trains in one process or under torchrun in many. The folder appears whole or not at all.
 *
 * The first steps are run here, too, for `parity.py` to compare. The model, its gradients, the optimizer, the schedule and the default generator are afterwards
 * as they were. All files are of one moment, once the first rows are read: await it before training goes on.
 *
 * @throws ArgumentError for an optimizer that PyTorch has not (or LBFGS, SparseAdam), and for a schedule with a function of the program's; ValueError when the optimizer trains
 *   other parameters than the model's, the data set is empty or has fewer tensors in a row than the model takes; ShapeError, DTypeError when its tensors are others than
 *   `inputs`; FileError when the folder is there with files in it, or cannot be written; as the model's emitter for what Python cannot say.
 *
 * @example
 * ```ts
 * import { mkdtempSync, readdirSync } from "node:fs";
 * import { exportPyTorch } from "@flambeau/export-pytorch";
 * import { data, nn, optim, randn } from "flambeau";
 *
 * const model = new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU(), new nn.Linear(8, 1));
 * const target = `${mkdtempSync("/tmp/export-")}/project`;
 * await exportPyTorch(model, {
 *   target,
 *   inputs: [randn([2, 4])],
 *   loss: new nn.MSELoss(),
 *   optimizer: new optim.Adam(model.parameters()),
 *   data: new data.TensorDataset(randn([10, 4]), randn([10, 1])),
 *   batchSize: 5,
 * });
 * console.log(readdirSync(target).includes("train.py"));
 * // true
 * ```
 */
export const exportPyTorch: Callable<typeof EXPORT, Promise<void>, ExportTypes> = callable<
  typeof EXPORT,
  Promise<void>,
  ExportTypes
>(EXPORT, async (model, { target, ...options }) => {
  // Before the work, which may take long.
  await checkFolder("exportPyTorch", target);
  const plan = await planOf(model, options);
  await saveFolder("exportPyTorch", target, projectFiles(plan));
});
