import { FormatError } from "../errors.ts";
import { finish } from "../pickle/finish.ts";
import { readPickle } from "../pickle/read.ts";
import type { Place } from "../place.ts";
import { ZipArchive } from "../zip/read.ts";
import { findName } from "./names.ts";
import { StorageTable } from "./persistent.ts";

/**
 * Reads the zip form: a folder with `data.pkl`, the pickle, and `data/0`, `data/1` and so on, the storages.
 * Source: PyTorch's torch/serialization.py, `_save` and `_load`.
 */
export function loadArchive(bytes: Uint8Array, place: Place, maxBytes: number): unknown {
  // PyTorch can be set to leave checksums out, and does not look at them.
  const archive = new ZipArchive(bytes, { what: ".pt", maxBytes, checksums: false });
  const folder = folderOf(archive);
  const table = new StorageTable({
    place,
    isBigEndian: byteOrder(archive, folder) === "big",
    bytesOf: (key) => archive.read(`${folder}data/${key}`),
  });
  const { value } = readPickle(archive.read(`${folder}data.pkl`), {
    find: findName,
    persistent: (id) => table.find(id),
  });
  return finish(value);
}

/** The folder that all of the file is in: `archive/`, or the file's name. */
function folderOf(archive: ZipArchive): string {
  const pickles = archive.names.filter((name) => /^[^/]*\/data\.pkl$/.test(name));
  const [pickle] = pickles;
  if (pickles.length !== 1) {
    const isArrays = archive.names.some((name) => name.endsWith(".npy"));
    throw new FormatError(
      `.pt: the archive has no data.pkl${isArrays ? " (it is a .npz file: loadNpz)" : ""}`,
    );
  }
  const folder = pickle.slice(0, -"data.pkl".length);
  if (archive.has(`${folder}constants.pkl`)) {
    throw new FormatError(
      ".pt: a TorchScript archive, which holds code; save the state_dict() of the module, in Python: torch.save(model.state_dict(), path)",
    );
  }
  return folder;
}

function byteOrder(archive: ZipArchive, folder: string): string {
  const name = `${folder}byteorder`;
  if (!archive.has(name) || (archive.sizeOf(name) as number) > 6) return "little";
  return new TextDecoder().decode(archive.read(name));
}
