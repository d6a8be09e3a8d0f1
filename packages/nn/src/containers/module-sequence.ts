import { IndexError } from "@flambeau/backend";
import { ownModules } from "../module/members.ts";
import { Module } from "../module/module.ts";

/** A module whose children have an order: what `Sequential` and `ModuleList` share. */
export abstract class ModuleSequence<T extends Module = Module> extends Module {
  [index: number]: T;

  /** The number of modules. */
  override get length(): number {
    return ownModules(this).length;
  }

  /**
   * The module at a position; a negative one counts from the end.
   *
   * @throws IndexError when there is none.
   */
  at(index: number): T {
    const found = ownModules(this).at(index);
    if (found === undefined) throw new IndexError(`there is no module ${index} among ${this.length}`);
    return found[1] as T;
  }

  /** The modules in order. */
  *[Symbol.iterator](): IterableIterator<T> {
    for (const [, module] of ownModules(this)) yield module as T;
  }
}
