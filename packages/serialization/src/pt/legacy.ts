import { quote } from "@flambeau/backend";
import { viewOf } from "../bytes.ts";
import { elementsOf } from "../elements.ts";
import { FormatError } from "../errors.ts";
import { UnpicklingError } from "../pickle/error.ts";
import { finish } from "../pickle/finish.ts";
import { type Names, readPickle } from "../pickle/read.ts";
import { PyDict } from "../pickle/values.ts";
import type { Place } from "../place.ts";
import { findName } from "./names.ts";
import { StorageTable } from "./persistent.ts";

const MAGIC = 0x1950a86a20f9469cfc6cn;
const VERSION = 1001;

/**
 * Reads the form before PyTorch 1.6: pickles of a magic number, a version, facts of the system, the object, and the keys of the storages; then
 * each storage, its number of elements in 8 bytes before it. Source: PyTorch's torch/serialization.py, `_legacy_save`.
 */
export function loadLegacy(bytes: Uint8Array, place: Place): unknown {
  const data = new Map<string, Uint8Array>();
  let isBigEndian = false;
  const table = new StorageTable({
    place,
    get isBigEndian() {
      return isBigEndian;
    },
    bytesOf: (key) => {
      const found = data.get(key);
      if (found !== undefined) return found;
      throw new UnpicklingError(`the file has no storage ${quote(key)}`);
    },
  });
  const names: Names = { find: findName, persistent: (id) => table.find(id) };
  let at = 0;
  const next = (): unknown => {
    const { value, end } = readPickle(bytes, names, at);
    at = end;
    return value;
  };
  if (next() !== MAGIC) throw new FormatError(".pt: the file is a pickle, but none that torch.save wrote");
  const version = next();
  if (version !== VERSION)
    throw new FormatError(`.pt: the file is of version ${quote(version)}; ${VERSION} can be read`);
  const system = next();
  isBigEndian = system instanceof PyDict && system.entries.get("little_endian") === false;
  const object = next();
  const keys = next();
  if (!Array.isArray(keys)) throw new UnpicklingError("the file has no list of storages");
  for (const key of keys) {
    const storage = typeof key === "string" ? table.get(key) : undefined;
    const elements = storage === undefined ? undefined : elementsOf(storage.dtype ?? "uint8");
    if (storage === undefined || elements === undefined)
      throw new UnpicklingError(`no tensor has the storage ${quote(key)}`);
    const start = at + 8;
    at = start + storage.numel * elements.size;
    if (at > bytes.length) throw new UnpicklingError(`storage ${quote(key)} is cut off`);
    const count = viewOf(bytes).getBigInt64(start - 8, !isBigEndian);
    if (count !== BigInt(storage.numel))
      throw new UnpicklingError(
        `storage ${quote(key)} has ${count} elements, where ${storage.numel} should be`,
      );
    data.set(storage.key, bytes.subarray(start, at));
  }
  return finish(object);
}
