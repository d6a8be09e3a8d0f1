import { IndexError } from "@flambeau/backend";
import { type Args, bind } from "@flambeau/tensor";
import { ownModules } from "../module/members.ts";
import { Module } from "../module/module.ts";

const AT = "at(index: int)";

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
  at(...args: Args<typeof AT>): T {
    const { index } = bind(AT, args);
    const found = ownModules(this).at(index);
    if (found === undefined) throw new IndexError(`there is no module ${index} among ${this.length}`);
    return found[1] as T;
  }

  /** The modules in order. */
  *[Symbol.iterator](): IterableIterator<T> {
    for (const [, module] of ownModules(this)) yield module as T;
  }
}
