import { IndexError, ValueError } from "@flambeau/backend";
import { ownModules } from "../module/members.ts";
import { Module } from "../module/module.ts";

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
export class ModuleList extends Module {
  [index: number]: Module;

  constructor(modules: Iterable<Module> = []) {
    super();
    this.extend(modules);
  }

  /** The number of modules. */
  override get length(): number {
    return ownModules(this).length;
  }

  /**
   * The module at a position; a negative one counts from the end.
   *
   * @throws IndexError when there is none.
   */
  at(index: number): Module {
    const found = ownModules(this).at(index);
    if (found === undefined) throw new IndexError(`there is no module ${index} among ${this.length}`);
    return found[1];
  }

  /**
   * Adds a module at the end.
   *
   * @throws ValueError when it is none.
   */
  append(module: Module): this {
    if (!(module instanceof Module))
      throw new ValueError(`a ModuleList holds modules; got a ${typeof module}`);
    this.registerModule(String(this.length), module);
    return this;
  }

  /** Adds modules at the end. */
  extend(modules: Iterable<Module>): this {
    for (const module of modules) this.append(module);
    return this;
  }

  /** The modules in order. */
  *[Symbol.iterator](): IterableIterator<Module> {
    for (const [, module] of ownModules(this)) yield module;
  }
}
