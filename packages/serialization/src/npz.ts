import { quote } from "@flambeau/backend";
import { type Callable, callable, decodeNpy, encodeNpy, type Tensor } from "@flambeau/tensor";
import { deflateSync } from "fflate";
import { localBytes } from "./bytes.ts";
import { FormatError } from "./errors.ts";
import { Place, type Placement } from "./place.ts";
import { checkTensors } from "./record.ts";
import { snapshot } from "./snapshot.ts";
import { crc32 } from "./zip/crc32.ts";
import { ZipArchive } from "./zip/read.ts";
import { writeZip, type ZipFile } from "./zip/write.ts";

interface LoadTypes extends Placement {
  /** The bytes of the file. */
  readonly bytes: Uint8Array;
  /** Bytes that compressed arrays may come to, all together. Default 2 GiB. */
  readonly maxBytes?: number;
}

const LOAD = "loadNpz(bytes: bytes, *, device?: string, dtype?: dtype, maxBytes = 2147483648)";
const EXTENSION = ".npy";

/**
 * The arrays of a NumPy `.npz` file by name, compressed or not. Arrays may be big-endian and in Fortran order. Dtypes are as in
 * {@link loadSafetensors}.
 *
 * @throws FormatError when the bytes are no such file; ValueError when an array in it is damaged, or of a type that has no counterpart
 *   (uint64, texts, objects, complex numbers).
 *
 * @example
 * ```ts
 * import { loadNpz, saveNpz } from "@flambeau/serialization";
 * import { tensor } from "@flambeau/tensor";
 *
 * const { x, y } = loadNpz(await saveNpz({ x: tensor([[1, 2]]), y: tensor([3n]) }));
 * console.log(String(x), String(y));
 * // tensor([[1., 2.]]) tensor([3])
 * ```
 */
export const loadNpz: Callable<typeof LOAD, Record<string, Tensor>, LoadTypes> = callable<
  typeof LOAD,
  Record<string, Tensor>,
  LoadTypes
>(LOAD, (bytes, { maxBytes, ...placement }) => {
  const place = new Place("loadNpz", placement);
  const archive = new ZipArchive(localBytes(bytes), { what: ".npz", maxBytes, checksums: true });
  const entries = archive.names.map((name): [string, Tensor] => {
    if (!name.endsWith(EXTENSION)) throw new FormatError(`.npz: ${quote(name)} in the archive is no array`);
    const { shape, dtype, data } = decodeNpy(archive.read(name));
    const key = name.slice(0, -EXTENSION.length);
    return [key, place.tensor(`.npz: array ${quote(key)}`, dtype, data, shape)];
  });
  return Object.fromEntries(entries);
});

interface SaveTypes {
  /** The tensors by name: a plain object or a Map. */
  readonly tensors: Readonly<Record<string, Tensor>> | ReadonlyMap<string, Tensor>;
  /** Whether arrays are deflated, as by `numpy.savez_compressed`. Default false. */
  readonly compressed?: boolean;
}

const SAVE = "saveNpz(tensors: any, *, compressed = false)";

/**
 * The bytes of a NumPy `.npz` file with the given tensors, which `numpy.load` reads. Values are those of the time of the call, as in {@link savePt}.
 *
 * @throws ArgumentError when the tensors are no object or Map; ValueError when one is none, or is changed too early.
 *
 * @example
 * ```ts
 * import { saveNpz } from "@flambeau/serialization";
 * import { zeros } from "@flambeau/tensor";
 *
 * const tensors = { x: zeros([1000]) };
 * const plain = await saveNpz(tensors);
 * const small = await saveNpz(tensors, { compressed: true });
 * console.log(plain.length > 4000, small.length < 400);
 * // true true
 * ```
 */
export const saveNpz: Callable<typeof SAVE, Promise<Uint8Array>, SaveTypes> = callable<
  typeof SAVE,
  Promise<Uint8Array>,
  SaveTypes
>(SAVE, async (given, { compressed }) => {
  const files: ZipFile[] = [];
  const tensors = checkTensors("saveNpz", "tensors", given);
  const readings = snapshot(
    "saveNpz",
    tensors.map(([, x]) => x),
  );
  for (const [i, [name, { shape, dtype }]] of tensors.entries()) {
    const array = encodeNpy({ shape, dtype, data: await readings[i]() });
    files.push(compressed ? deflated(name, array) : stored(name, array));
  }
  return writeZip(files, 1);
});

function stored(name: string, bytes: Uint8Array): ZipFile {
  return { name: `${name}${EXTENSION}`, packed: bytes.length, fill: (target) => target.set(bytes) };
}

function deflated(name: string, bytes: Uint8Array): ZipFile {
  return { ...stored(name, deflateSync(bytes)), deflated: { size: bytes.length, crc: crc32(bytes) } };
}
