import { itemSize, type Storage } from "@flambeau/backend";
import { encodeElements } from "../elements.ts";
import type { FileParts } from "../parts.ts";
import { writeZip, type ZipFile, zipParts } from "../zip/write.ts";
import { Pickler } from "./pickler.ts";

/** Where PyTorch's own writer begins storages, so that they can be mapped into memory. */
const ALIGNMENT = 64;

/**
 * The bytes of a `.pt` file that `torch.load` reads, also with `weights_only=True`: state dicts of modules, optimizers and schedules,
 * and what programs put around them. It is PyTorch's zip form.
 *
 * Plain objects and Maps are dictionaries, arrays lists, Sets sets; integers are `int`, other numbers `float`, bigints `int`, null is
 * `None`, a `Uint8Array` is `bytes`. Tensors and parameters keep their strides, and those that share memory share it again: each storage is
 * written once, and whole. An object whose keys are all whole numbers has integers for keys, unless its values are tensors.
 *
 * @throws ValueError for anything else (undefined, functions, objects of classes), with where it is; and for collections nested more than 1000 deep.
 *
 * @example
 * ```ts
 * import { nn, optim } from "flambeau";
 * import { loadPt, savePt } from "@flambeau/serialization";
 *
 * const model = new nn.Linear(3, 2);
 * const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 });
 * const bytes = await savePt({ epoch: 1, model: model.stateDict(), optimizer: optimizer.stateDict() });
 *
 * const saved = loadPt(bytes);
 * model.loadStateDict(saved.model);
 * optimizer.loadStateDict(saved.optimizer);
 * console.log(saved.epoch, saved.optimizer.param_groups[0].lr);
 * // 1 0.01
 * ```
 */
export async function savePt(obj: unknown): Promise<Uint8Array> {
  return writeZip(filesOf(obj), ALIGNMENT);
}

/**
 * The file of {@link savePt} in parts, of which only one need be in memory at a time: storage by storage.
 *
 * @internal
 */
export function ptParts(obj: unknown): FileParts {
  return zipParts(filesOf(obj), ALIGNMENT);
}

function filesOf(obj: unknown): ZipFile[] {
  const pickler = new Pickler();
  const pickle = pickler.pickle(obj);
  return [
    inMemory("data.pkl", pickle),
    inMemory("byteorder", new TextEncoder().encode("little")),
    ...[...pickler.storages].map(([storage, key]) => fileOf(storage, key)),
    inMemory("version", new TextEncoder().encode("3\n")),
  ];
}

function inMemory(name: string, bytes: Uint8Array): ZipFile {
  return { name: `archive/${name}`, packed: bytes.length, fill: (target) => target.set(bytes) };
}

function fileOf(storage: Storage, key: string): ZipFile {
  const { dtype, length, backend } = storage;
  return {
    name: `archive/data/${key}`,
    packed: length * itemSize(dtype),
    fill: async (target) => {
      const data = await backend.download({ storage, dtype, shape: [length], strides: [1], offset: 0 });
      target.set(encodeElements(dtype, data));
    },
  };
}
