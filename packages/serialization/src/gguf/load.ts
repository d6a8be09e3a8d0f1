import { type Callable, callable, type Tensor } from "@flambeau/tensor";
import { localBytes } from "../bytes.ts";
import { FormatError } from "../errors.ts";
import { Place, type Placement } from "../place.ts";
import { ggufTensor } from "./entry.ts";
import { type GgufHeader, readHeader, Short } from "./header.ts";

interface Types extends Placement {
  /** The bytes of the file. */
  readonly bytes: Uint8Array;
}

const SIGNATURE = "loadGguf(bytes: bytes, *, device?: string, dtype?: dtype)";

/**
 * The tensors of a `.gguf` file by name. {@link openGguf} reads single tensors and metadata.
 *
 * Quantized tensors (Q8_0, Q4_0, Q4_K, Q6_K) become float32; other dtypes are as in {@link loadSafetensors}. Shapes are as
 * PyTorch has them: the dimensions of the file in reverse.
 *
 * @throws FormatError when the bytes are no such file; DTypeError when a tensor is of another quantization, or the device has its dtype not.
 *
 * @example
 * ```ts
 * import { FormatError, loadGguf } from "@flambeau/serialization";
 *
 * try {
 *   loadGguf(new Uint8Array(4));
 * } catch (error) {
 *   if (error instanceof FormatError) console.log(error.message);
 *   // .gguf: the file does not begin with "GGUF"
 * }
 * ```
 */
export const loadGguf: Callable<typeof SIGNATURE, Record<string, Tensor>, Types> = callable<
  typeof SIGNATURE,
  Record<string, Tensor>,
  Types
>(SIGNATURE, (given, options) => {
  const bytes = localBytes(given);
  const place = new Place("loadGguf", options);
  const { entries } = headerOf(bytes);
  return Object.fromEntries(
    [...entries].map(([name, entry]) => [
      name,
      ggufTensor(name, entry, bytes.subarray(entry.start, entry.end), place),
    ]),
  );
});

function headerOf(bytes: Uint8Array): GgufHeader {
  try {
    return readHeader(bytes, bytes.length);
  } catch (error) {
    if (error instanceof Short) throw new FormatError(".gguf: the header is cut off");
    throw error;
  }
}
