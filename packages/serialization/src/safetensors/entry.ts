import { checkShape, DTypeError, quote } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";
import { elementsOf } from "../elements.ts";
import type { Place } from "../place.ts";
import type { TensorEntry } from "./header.ts";

/**
 * The tensor of an entry, made of its bytes.
 *
 * @throws DTypeError when its dtype has no counterpart here, or the device has it not.
 */
export function tensorOf(name: string, entry: TensorEntry, bytes: Uint8Array, place: Place): Tensor {
  const what = `tensor ${quote(name)}`;
  const elements = elementsOf(entry.dtype.name);
  if (elements === undefined) {
    throw new DTypeError(
      `.safetensors: ${what} is ${entry.code} (${entry.dtype.name}), which cannot be read here`,
    );
  }
  return place.tensor(
    `.safetensors: ${what}`,
    elements.dtype,
    elements.decode(bytes),
    checkShape(entry.shape),
  );
}
