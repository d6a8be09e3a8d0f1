import type { TypedArray } from "@flambeau/backend";
import type { Tensor } from "./tensor.ts";

/** The elements of a tensor that can be read at once, until the device is called again; not to be written. */
export function peek(x: Tensor): TypedArray {
  x.checkUsable("peek");
  return x.storage.backend.peek?.(x) ?? x.dataSync();
}
