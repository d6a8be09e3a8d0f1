import { ValueError } from "@flambeau/backend";

/**
 * Bytes that are no whole and consistent file of their format.
 *
 * @example
 * ```ts
 * import { FormatError, loadSafetensors } from "@flambeau/serialization";
 *
 * try {
 *   loadSafetensors(new Uint8Array(4));
 * } catch (error) {
 *   if (error instanceof FormatError) console.log(error.message);
 *   // .safetensors: the file has 4 bytes; the length of its header alone takes 8
 * }
 * ```
 */
export class FormatError extends ValueError {
  override name: string = "FormatError";
}
