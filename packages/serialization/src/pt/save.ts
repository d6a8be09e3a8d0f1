import { itemSize, type Storage, type Strided } from "@flambeau/backend";
import { encodeElements } from "../elements.ts";
import type { FileParts } from "../parts.ts";
import { type Reading, snapshot } from "../snapshot.ts";
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
 * The file has the values of the time of the call, also when training goes on before it is there. Beyond 512 MiB tensors are read as they are written, and
 * one that was changed before is an error.
 *
 * @throws ValueError for anything else (undefined, functions, objects of classes), with where it is; for collections nested more than 1000 deep; and for a
 *   tensor that was changed too early.
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
 * The file of {@link savePt} in parts, storage by storage.
 *
 * @param most - the bytes up to which elements are copied now.
 * @internal
 */
export function ptParts(obj: unknown, most?: number): FileParts {
  return zipParts(filesOf(obj, most), ALIGNMENT);
}

function filesOf(obj: unknown, most?: number): ZipFile[] {
  const pickler = new Pickler();
  const pickle = pickler.pickle(obj);
  const storages = [...pickler.storages];
  const readings = snapshot(
    "savePt",
    storages.map(([storage]) => whole(storage)),
    most,
  );
  return [
    inMemory("data.pkl", pickle),
    inMemory("byteorder", new TextEncoder().encode("little")),
    ...storages.map(([storage, key], i) => fileOf(storage, key, readings[i])),
    inMemory("version", new TextEncoder().encode("3\n")),
  ];
}

function whole(storage: Storage): Strided {
  const { dtype, length } = storage;
  return { storage, dtype, shape: [length], strides: [1], offset: 0 };
}

function inMemory(name: string, bytes: Uint8Array): ZipFile {
  return { name: `archive/${name}`, packed: bytes.length, fill: (target) => target.set(bytes) };
}

function fileOf({ dtype, length }: Storage, key: string, read: Reading): ZipFile {
  return {
    name: `archive/data/${key}`,
    packed: length * itemSize(dtype),
    fill: async (target) => target.set(encodeElements(dtype, await read())),
  };
}
