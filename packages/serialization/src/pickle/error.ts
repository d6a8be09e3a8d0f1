import { FormatError } from "../errors.ts";

/**
 * A pickle that cannot be read: it is damaged, or names something of Python's that is not on the list of what may be read.
 *
 * @example
 * ```ts
 * import { loadPt, savePt, UnpicklingError } from "@flambeau/serialization";
 *
 * const bytes = await savePt({ x: new Set([1]) });
 * // A file whose pickle names another global.
 * const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
 * const at = text.indexOf("__builtin__\nset");
 * bytes.set(new TextEncoder().encode("__builtin__\nmap"), at);
 * try {
 *   loadPt(bytes);
 * } catch (error) {
 *   if (error instanceof UnpicklingError) console.log(error.global);
 *   // builtins.map
 * }
 * ```
 */
export class UnpicklingError extends FormatError {
  override name: string = "UnpicklingError";
  /** The function or class that the pickle names, as `module.name`; null where that is not the reason. */
  readonly global: string | null;

  constructor(message: string, global: string | null = null) {
    super(message);
    this.global = global;
  }
}
