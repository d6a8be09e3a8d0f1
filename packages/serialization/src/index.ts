/**
 * Bytes to objects and back: the files of PyTorch, Hugging Face and NumPy. Nothing here opens a file or an address.
 *
 * @module
 */
export { FormatError } from "./errors.ts";
export { loadNpz, saveNpz } from "./npz.ts";
export { UnpicklingError } from "./pickle/error.ts";
export type { Placement } from "./place.ts";
export { loadPt } from "./pt/load.ts";
export { savePt } from "./pt/save.ts";
export { loadSafetensors } from "./safetensors/load.ts";
export {
  type RangeSource,
  safeOpen,
  type TensorFile,
  type TensorInfo,
} from "./safetensors/safe-open.ts";
export { saveSafetensors } from "./safetensors/save.ts";
export { openSharded, type ShardedFile, type ShardIndex } from "./safetensors/sharded.ts";
