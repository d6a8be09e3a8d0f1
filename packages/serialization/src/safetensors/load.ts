import { type Callable, callable, type Tensor } from "@flambeau/tensor";
import { localBytes } from "../bytes.ts";
import { Place, type Placement } from "../place.ts";
import { tensorOf } from "./entry.ts";
import { type Header, LENGTH_BYTES, readHeader, readLength } from "./header.ts";

interface Types extends Placement {
  /** The bytes of the file. */
  readonly bytes: Uint8Array;
}

/** The header of a file that is in memory. */
export function headerOf(bytes: Uint8Array): Header {
  const length = readLength(bytes.subarray(0, LENGTH_BYTES), bytes.length);
  return readHeader(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length), bytes.length);
}

const SIGNATURE = "loadSafetensors(bytes: bytes, *, device?: string, dtype?: dtype)";

/**
 * The tensors of a `.safetensors` file by name, as `module.loadStateDict` takes them. {@link safeOpen} reads single tensors and
 * metadata.
 *
 * Elements keep their dtype where there is one here. 8-bit floats become float32, as do float16 and bfloat16 on a device that
 * has not; uint16 becomes int32, as do int8 and int16 on such a device, and uint32 becomes int64. No value changes.
 *
 * @throws FormatError when the bytes are no such file; DTypeError when a tensor is of a dtype that has no counterpart (uint64, complex64)
 *   or that the device has not; ShapeError when one has more than 64 dimensions.
 *
 * @example
 * ```ts
 * import { loadSafetensors, saveSafetensors } from "@flambeau/serialization";
 * import { tensor } from "@flambeau/tensor";
 *
 * const bytes = await saveSafetensors({ weight: tensor([[1, 2]]), bias: tensor([3]) });
 * const { weight, bias } = loadSafetensors(bytes);
 * console.log(String(weight), String(bias));
 * // tensor([[1., 2.]]) tensor([3.])
 * ```
 */
export const loadSafetensors: Callable<typeof SIGNATURE, Record<string, Tensor>, Types> = callable<
  typeof SIGNATURE,
  Record<string, Tensor>,
  Types
>(SIGNATURE, (given, options) => {
  const bytes = localBytes(given);
  const place = new Place("loadSafetensors", options);
  const { entries } = headerOf(bytes);
  // Unlike an assignment this makes an entry of "__proto__", too.
  return Object.fromEntries(
    [...entries].map(([name, entry]) => [
      name,
      tensorOf(name, entry, bytes.subarray(entry.start, entry.end), place),
    ]),
  );
});
