import { safeOpen } from "@flambeau/serialization";
import type { Reader } from "./place.ts";
import { sourceOf, tensorsOf } from "./tensors.ts";

export const readSafetensors: Reader = async (input, { device, dtype }) =>
  tensorsOf(await safeOpen(sourceOf(input), { device, dtype }), input);
