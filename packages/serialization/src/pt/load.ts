import { type Callable, callable } from "@flambeau/tensor";
import { localBytes } from "../bytes.ts";
import { FormatError } from "../errors.ts";
import { Place, type Placement } from "../place.ts";
import { loadArchive } from "./archive.ts";
import { loadLegacy } from "./legacy.ts";

interface Types extends Placement {
  /** The bytes of the file. */
  readonly bytes: Uint8Array;
  /** Bytes that compressed parts of the file may come to; `torch.save` compresses nothing. Default 2 GiB. */
  readonly maxBytes?: number;
}

const SIGNATURE = "loadPt(bytes: bytes, *, device?: string, dtype?: dtype, maxBytes = 2147483648)";

/**
 * What `torch.save` wrote: the bytes of a `.pt` or `.pth` file, of PyTorch's zip form or the older one, as an object.
 *
 * | Python | here |
 * | --- | --- |
 * | `dict`, `OrderedDict`, `Counter` | a plain object if its keys are texts, or whole numbers; else a `Map` |
 * | `list`, `tuple`, `torch.Size` | an array |
 * | `set`, `frozenset` | a `Set` |
 * | `int`, `float` | a number; an `int` beyond 2^53 a bigint |
 * | `str`, `bool`, `None` | a string, a boolean, null |
 * | `bytes`, `bytearray` | a `Uint8Array` |
 * | `torch.dtype`, `torch.device` | its name: "float32", "cuda:0" |
 * | a tensor, a parameter | a tensor, a `Parameter`; views of one storage share memory |
 *
 * Dtypes are as in {@link loadSafetensors}. Nothing in the file is executed: what it names of Python's must be on a list of what is
 * read here. Modules, optimizers and arrays of NumPy are not: their state dicts and tensors are.
 *
 * @throws FormatError when the bytes are no such file; {@link UnpicklingError} when its pickle is damaged, or names something that is not
 *   on the list; DTypeError when a tensor is complex, quantized or of another dtype that has no counterpart, or the device has it not.
 *
 * @example
 * ```ts
 * import { loadPt, savePt } from "@flambeau/serialization";
 * import { tensor } from "@flambeau/tensor";
 *
 * const bytes = await savePt({ epoch: 3, model: { weight: tensor([1, 2]) }, losses: [0.5, 0.25] });
 * const { epoch, model, losses } = loadPt(bytes);
 * console.log(epoch, String(model.weight), losses);
 * // 3 tensor([1., 2.]) [ 0.5, 0.25 ]
 * ```
 */
// biome-ignore lint/suspicious/noExplicitAny: no type describes what a file holds
export const loadPt: Callable<typeof SIGNATURE, any, Types> = callable<typeof SIGNATURE, any, Types>(
  SIGNATURE,
  (given, { maxBytes, ...placement }) => {
    const bytes = localBytes(given);
    const place = new Place("loadPt", placement);
    // "PK": a zip archive. A pickle of protocol 2 or later begins with 0x80.
    if (bytes[0] === 0x50 && bytes[1] === 0x4b) return loadArchive(bytes, place, maxBytes);
    if (bytes[0] === 0x80) return loadLegacy(bytes, place);
    throw new FormatError(
      `.pt: the file is none of PyTorch's: it begins with ${describe(bytes)}${hint(bytes)}`,
    );
  },
);

function describe(bytes: Uint8Array): string {
  const first = Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0"));
  return first.length === 0 ? "nothing" : first.join(" ");
}

function hint(bytes: Uint8Array): string {
  const text = String.fromCharCode(...bytes.subarray(0, 512));
  if (text.slice(257, 262) === "ustar")
    return " (a tar archive, as PyTorch before 0.1.10 wrote; load and save it with a later one)";
  if (text.startsWith("\x93NUMPY")) return " (a .npy file: fromNpy)";
  if (text.startsWith("GGUF")) return " (a GGUF file)";
  return /^.{7}\0\{/s.test(text) ? " (a .safetensors file: loadSafetensors)" : "";
}
