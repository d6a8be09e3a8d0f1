import type { Module } from "../module/module.ts";
import { ModuleSequence } from "./module-sequence.ts";

/**
 * Modules in a list that a model runs in its own way; it is not called itself.
 *
 * @example
 * ```ts
 * import { nn } from "flambeau";
 *
 * const layers = new nn.ModuleList([new nn.Linear(2, 3), new nn.Linear(3, 1)]);
 * console.log(layers.length, layers[1] === layers.at(-1));
 * // 2 true
 * ```
 */
export class ModuleList<T extends Module = Module> extends ModuleSequence<T> {
  constructor(modules: Iterable<T> = []) {
    super();
    this.extend(modules);
  }

  /** A list of the same modules from position `start` up to `end`; negative ones count from the end. */
  slice(start?: number, end?: number): ModuleList<T> {
    return new ModuleList([...this].slice(start, end));
  }
}
