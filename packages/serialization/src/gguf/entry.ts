import { checkShape, DTypeError, quote } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";
import type { Place } from "../place.ts";
import type { GgufEntry } from "./header.ts";

/**
 * The tensor of an entry, made of its bytes.
 *
 * @throws DTypeError when its type cannot be read here, or the device has its dtype not.
 */
export function ggufTensor(name: string, entry: GgufEntry, bytes: Uint8Array, place: Place): Tensor {
  const what = `.gguf: tensor ${quote(name)}`;
  if (entry.type === null)
    throw new DTypeError(
      `${what} is ${entry.typeName}, which cannot be read here; F32, F16, BF16, F64, I8 to I64, Q8_0, Q4_0, Q4_K and Q6_K can`,
    );
  return place.tensor(what, entry.type.dtype, entry.type.decode(bytes), checkShape(entry.shape));
}
