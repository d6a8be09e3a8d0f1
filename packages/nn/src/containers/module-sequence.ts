import { IndexError, quote, ValueError } from "@flambeau/backend";
import { type Args, bind } from "@flambeau/tensor";
import { ownModules } from "../module/members.ts";
import { Module } from "../module/module.ts";
import { modulesOf } from "./items.ts";

const AT = "at(index: int)";
const APPEND = "append(module: module)";
const EXTEND = "extend(modules: iterable)";
const INSERT = "insert(index: int, module: module)";
const POP = "pop(index: int|string = -1)";

/** The types that the signatures have no kinds for. */
interface Types<T> {
  /** The module. */
  readonly module: T;
  /** The modules, in order. */
  readonly modules: Iterable<T>;
}

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
    return entryOf<T>(this, bind(AT, args).index)[1];
  }

  /**
   * Adds a module at the end.
   *
   * @throws ArgumentError when it is none.
   */
  append(...args: Args<typeof APPEND, Types<T>>): this {
    this.registerModule(String(this.length), bind<typeof APPEND, Types<T>>(APPEND, args).module);
    return this;
  }

  /**
   * Adds modules at the end.
   *
   * @throws ArgumentError when one is none; nothing is added then.
   */
  extend(...args: Args<typeof EXTEND, Types<T>>): this {
    const { modules } = bind<typeof EXTEND, Types<T>>(EXTEND, args);
    for (const module of modulesOf("extend", modules)) this.registerModule(String(this.length), module);
    return this;
  }

  /**
   * Adds a module before the one at a position, or, at the length, at the end. A negative position counts from the end.
   *
   * @throws ArgumentError when it is none; ValueError when the modules have names of their own; IndexError when there is no such
   * position.
   */
  insert(...args: Args<typeof INSERT, Types<T>>): this {
    const { index, module } = bind<typeof INSERT, Types<T>>(INSERT, args);
    const modules: Module[] = [...this];
    const place = index < 0 ? index + modules.length : index;
    if (place < 0 || place > modules.length)
      throw new IndexError(`there is no position ${index} among ${modules.length} modules`);
    if (ownModules(this).some(([name], i) => name !== String(i)))
      throw new ValueError("insert goes by position, and the modules have names of their own");
    modules.splice(place, 0, module);
    replaceAll(this, modules);
    return this;
  }

  /**
   * Takes out the module at a position, or of a name, and gives it back. A negative position counts from the end. Those that are left are
   * named anew by their positions, as in PyTorch.
   *
   * @throws IndexError when there is none.
   */
  pop(...args: Args<typeof POP>): T {
    const [name, module] = entryOf<T>(this, bind(POP, args).index);
    replaceAll(
      this,
      ownModules(this).flatMap(([other, part]) => (other === name ? [] : [part])),
    );
    return module;
  }

  /** The modules in order. */
  *[Symbol.iterator](): IterableIterator<T> {
    for (const [, module] of ownModules(this)) yield module as T;
  }
}

// Functions, not methods: a copy has no private ones of its class, and names of others are free for children.

function entryOf<T extends Module>(sequence: Module, index: number | string): [name: string, module: T] {
  const all = ownModules(sequence) as [string, T][];
  const found = typeof index === "string" ? all.find(([name]) => name === index) : all.at(index);
  if (found === undefined) throw new IndexError(`there is no module ${quote(index)} among ${all.length}`);
  return found;
}

function replaceAll(sequence: Module, modules: readonly Module[]): void {
  const fields = sequence as unknown as Record<string, unknown>;
  for (const [name] of ownModules(sequence)) delete fields[name];
  for (const [i, module] of modules.entries()) sequence.registerModule(String(i), module);
}
