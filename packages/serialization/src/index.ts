/**
 * Bytes to objects and back: the files of PyTorch, Hugging Face and NumPy. Nothing here opens a file or an address.
 *
 * @module
 */
export { FormatError } from "./errors.ts";
export type { GgufValue } from "./gguf/header.ts";
export { loadGguf } from "./gguf/load.ts";
export { type GgufFile, openGguf } from "./gguf/open.ts";
export { loadNpz, saveNpz } from "./npz.ts";
export type { FileParts } from "./parts.ts";
export { UnpicklingError } from "./pickle/error.ts";
export type { Placement } from "./place.ts";
export { loadPt } from "./pt/load.ts";
export { ptParts, savePt } from "./pt/save.ts";
export type { RangeSource, TensorInfo } from "./ranges.ts";
export { loadSafetensors } from "./safetensors/load.ts";
export { safeOpen, type TensorFile } from "./safetensors/safe-open.ts";
export { safetensorsParts, saveSafetensors } from "./safetensors/save.ts";
export { openSharded, type ShardedFile, type ShardIndex } from "./safetensors/sharded.ts";
