import { ValueError } from "@flambeau/backend";
import { type FileParts, ptParts, safetensorsParts, saveNpz } from "@flambeau/serialization";
import { type Callable, callable, describeValue, Tensor, toNpy } from "@flambeau/tensor";
import { checkFormat, type Format, formatOfName, isTorchLike } from "./formats.ts";
import { lastName } from "./names.ts";
import { inMemory } from "./output/in-memory.ts";
import { type SaveTarget, writerOf } from "./output/target.ts";
import { Meter, type Watching } from "./progress.ts";
import { checkSignal } from "./runtime/signal.ts";

interface Types extends Watching {
  /** What is saved: an object with numbers, texts, collections and tensors (`.pt`), tensors by name (`.safetensors`, `.npz`), or one tensor (`.npy`). */
  readonly obj: unknown;
  /**
   * A path on Node, Bun and Deno; "opfs:name", a `FileSystemFileHandle` or `download(name)` in a browser; anywhere a `WritableStream`.
   */
  readonly target: SaveTarget;
  /** "pt", "safetensors", "npz" or "npy". Default: what the target's name ends in. */
  readonly format?: Format;
  /** Texts by name that a `.safetensors` file holds beside the tensors. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Whether the arrays of a `.npz` file are deflated. Default false. */
  readonly compressed?: boolean;
}

const SIGNATURE =
  "save(obj: any, target: file, *, format?: string, metadata?: object, compressed = false, onProgress?: function, progress = false, signal?: object)";

/**
 * Saves an object to a file, which `load` reads, and PyTorch, Hugging Face's or NumPy's readers, by its format. The file is
 * written whole or not at all: after an error, an abort or a crash the one that was there before is still there.
 *
 * The file has the values of the time of the call, also when training goes on before it is written: tensors up to 512 MiB together are copied then.
 * Of more, each is read when it is written, so that a `.pt` or `.safetensors` file takes no more memory than its largest tensor, and one that was changed
 * before that is an error.
 *
 * @throws ArgumentError when the target is none; ValueError when its name says no format, the object is none that the format holds, or a
 *   tensor is changed too early;
 *   FileError when the target cannot be written; the signal's reason when that is aborted.
 *
 * @example
 * ```ts
 * import { load, save } from "@flambeau/files";
 * import { tensor } from "@flambeau/tensor";
 *
 * const { readable, writable } = new TransformStream();
 * const [, loaded] = await Promise.all([
 *   save({ epoch: 3, weight: tensor([1, 2]) }, writable, { format: "pt" }),
 *   load(readable, { format: "pt" }),
 * ]);
 * console.log(loaded.epoch, String(loaded.weight));
 * // 3 tensor([1., 2.])
 * ```
 */
export const save: Callable<typeof SIGNATURE, Promise<void>, Types> = callable<
  typeof SIGNATURE,
  Promise<void>,
  Types
>(SIGNATURE, async (obj, target, { format: given, metadata, compressed, ...watching }) => {
  checkSignal(watching.signal);
  const { name, open } = writerOf("save", target);
  const format = formatOf(name, checkFormat("save", given));
  if (metadata !== undefined && format !== "safetensors")
    throw new ValueError(`save: metadata is what .safetensors files hold; this is a .${format} file`);
  if (compressed && format !== "npz")
    throw new ValueError(`save: compressed is of .npz files; this is a .${format} file`);
  // Before anything is waited for: the file has the values of now.
  const laidOut = partsOf(obj, format, { metadata, compressed });
  const [parts, write] = await Promise.all([laidOut, open()]);
  const meter = new Meter(lastName(name), parts.size, watching);
  try {
    await write(parts, meter);
  } finally {
    meter.end();
  }
});

function formatOf(name: string, wanted: Format | undefined): Exclude<Format, "gguf"> {
  const format = wanted ?? formatOfName(name) ?? (isTorchLike(name) ? "pt" : undefined);
  if (format === "gguf" || format === "index")
    throw new ValueError(`save: ${name}: such files are read only; save as .safetensors or .pt`);
  if (format !== undefined) return format;
  throw new ValueError(
    `save: ${name} ends in none of .pt, .pth, .tar, .ckpt, .safetensors, .npz and .npy; give { format: "pt" }, or another of them`,
  );
}

/** The file of an object. What the format does not hold is refused here, before anything is written. */
async function partsOf(
  obj: unknown,
  format: Exclude<Format, "gguf">,
  { metadata, compressed }: Pick<Types, "metadata" | "compressed">,
): Promise<FileParts> {
  switch (format) {
    case "pt":
      return ptParts(obj);
    case "safetensors":
      return safetensorsParts(obj, metadata === undefined ? {} : { metadata });
    case "npz":
      return inMemory(await saveNpz(obj as Record<string, Tensor>, { compressed: compressed ?? false }));
    case "npy":
      if (!(obj instanceof Tensor))
        throw new ValueError(`save: a .npy file holds one tensor; got ${describeValue(obj)}`);
      return inMemory(await toNpy(obj));
  }
}
