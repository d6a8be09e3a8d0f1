import { type Args, bind } from "@flambeau/tensor";
import type { Module } from "../module/module.ts";
import { modulesOf } from "./items.ts";
import { ModuleSequence } from "./module-sequence.ts";

const MODULE_LIST = "ModuleList(modules?: iterable)";
const SLICE = "slice(start?: int, end?: int)";

/** The types that the signatures have no kinds for. */
interface Types<T> {
  /** The modules, in order. */
  readonly modules: Iterable<T>;
}

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
  constructor(...args: Args<typeof MODULE_LIST, Types<T>>) {
    super();
    const { modules } = bind<typeof MODULE_LIST, Types<T>>(MODULE_LIST, args);
    for (const module of modulesOf("ModuleList", modules ?? []))
      this.registerModule(String(this.length), module);
  }

  /** A list of the same modules from position `start` up to `end`; negative ones count from the end. */
  slice(...args: Args<typeof SLICE>): ModuleList<T> {
    const { start, end } = bind(SLICE, args);
    return new ModuleList([...this].slice(start, end));
  }
}
