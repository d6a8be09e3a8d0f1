import { loadGguf, openGguf } from "@flambeau/serialization";
import type { Reader } from "./place.ts";
import { sourceOf, tensorsOf } from "./tensors.ts";

export const readGguf: Reader = async (input, { device, dtype }) =>
  // Where tensors lie is checked against the size.
  input.size === null
    ? loadGguf(await input.readAll(), { device, dtype })
    : tensorsOf(await openGguf(sourceOf(input), { device, dtype }), input);
