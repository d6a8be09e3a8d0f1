import type { DType } from "@flambeau/backend";
import { ValueError } from "@flambeau/backend";
import { backendOf, type Callable, callable } from "@flambeau/tensor";
import { checkFormat, type Format } from "./formats.ts";
import { type LoadSource, openSource, type RemoteOptions } from "./input/open.ts";
import { Meter, type Watching } from "./progress.ts";
import { located } from "./read/located.ts";
import { formatOfInput, readerOf } from "./read/read.ts";
import { checkSignal } from "./runtime/signal.ts";

interface Types extends Watching, RemoteOptions {
  /**
   * A path on Node, Bun and Deno; "opfs:name", a `File`, `Blob` or `FileSystemFileHandle` in a browser; anywhere a URL, "hf:owner/name/file",
   * a `Response`, a `ReadableStream`, or bytes.
   */
  readonly source: LoadSource;
  /**
   * "pt", "safetensors", "npz", "npy" or "gguf". Default: what the name ends in, or else what the first bytes are, as of `.tar`, `.ckpt`, `.bin` and `.pkl`.
   */
  readonly format?: Format;
  /** The device that the tensors are on. Default "cpu". */
  readonly device?: string;
  /** What floating-point tensors become; others keep their dtype. Default: what they are in the file. */
  readonly dtype?: DType;
  /** PyTorch's name of `device`. */
  readonly mapLocation?: string;
  /** Bytes that compressed parts of a file may come to. Default 2 GiB. */
  readonly maxBytes?: number;
  /** PyTorch's option, which is always true here: nothing but tensors, numbers, texts and collections is read. */
  readonly weightsOnly?: boolean;
}

/** What `load` takes beside the source. */
export type LoadOptions = Omit<Types, "source">;

const SIGNATURE =
  "load(source: file, *, format?: string, device?: string, dtype?: dtype, mapLocation?: string, maxBytes = 2147483648, weightsOnly = true, cache?: bool|string, sha256?: string, headers?: object, endpoint?: string, token?: string, onProgress?: function, progress = false, signal?: object)";

/**
 * Loads what a file holds: of a `.pt` or `.pth` file the object, of a `.safetensors`, `.npz` or `.gguf` file the tensors by name, as
 * `module.loadStateDict` takes them, of a `.npy` file the tensor. Of `model.safetensors.index.json` the tensors of all the files that it names,
 * which lie beside it. Dtypes are as in `loadSafetensors`; nothing in a file is executed.
 *
 * A `.safetensors` or `.gguf` file is read tensor by tensor, and placed on the device as it is read: beside the result it takes the memory of its
 * largest tensor. Other files are read whole.
 *
 * What is downloaded is kept, and downloaded again when its ETag says that it is another file. A connection that is lost is taken up
 * again where it broke off, also by the next program. Sizes are compared, as is the hash where there is one.
 *
 * @throws ArgumentError when the source is none; ValueError when an option is none of this source's (`cache` of a path); FileError when it cannot be read, DownloadError when it cannot be downloaded; FormatError,
 *   UnpicklingError and DTypeError as the format's reader; the signal's reason when that is aborted.
 *
 * @example
 * ```ts
 * import { load } from "@flambeau/files";
 * import { saveSafetensors } from "@flambeau/serialization";
 * import { tensor } from "@flambeau/tensor";
 *
 * const file = new Blob([await saveSafetensors({ weight: tensor([1, 2]) })]);
 * const { weight } = await load(file, { dtype: "float64" });
 * console.log(String(weight));
 * // tensor([1., 2.], dtype=float64)
 * ```
 */
// biome-ignore lint/suspicious/noExplicitAny: no type describes what a file holds
export const load: Callable<typeof SIGNATURE, Promise<any>, Types> = callable<
  typeof SIGNATURE,
  // biome-ignore lint/suspicious/noExplicitAny: the same
  Promise<any>,
  Types
>(SIGNATURE, async (source, { format, device, mapLocation, weightsOnly, ...options }) => {
  checkSignal(options.signal);
  if (!weightsOnly)
    throw new ValueError(
      "load: weightsOnly is always true: what else a pickle may hold is Python's code, which nothing runs here; save the state_dict() of modules, in Python: torch.save(model.state_dict(), path)",
    );
  if (device !== undefined && mapLocation !== undefined && device !== mapLocation)
    throw new ValueError(
      `load: device and mapLocation are two names of one option; got "${device}" and "${mapLocation}"`,
    );
  const { dtype, maxBytes } = options;
  const place = { device: device ?? mapLocation, dtype, maxBytes };
  // Refused before anything is read.
  backendOf(place.device);
  const wanted = checkFormat("load", format);
  const title = typeof source === "string" ? source.slice(-60) : "";
  const meter = new Meter(title, null, options);
  try {
    const { input, address } = await openSource("load", source, options, meter);
    try {
      return await located(input.name, async () => {
        const found = wanted ?? (await formatOfInput(input, address));
        if (found !== "index") return (await readerOf(found))(input, place);
        if (options.sha256 !== undefined)
          throw new ValueError(
            "load: sha256 is of one file, and an index names several; load them one by one",
          );
        const { loadIndex } = await import("./read/index-file.ts");
        return loadIndex(input, address, place, (one) => openSource("load", one, options, meter));
      });
    } finally {
      await input.close();
    }
  } finally {
    meter.end();
  }
});
