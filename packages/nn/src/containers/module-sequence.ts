import { IndexError, quote, ValueError } from "@flambeau/backend";
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
    return this.#entry(index)[1];
  }

  /**
   * Adds a module at the end.
   *
   * @throws ValueError when it is none.
   */
  append(module: T): this {
    this.registerModule(String(this.length), this.#checked(module));
    return this;
  }

  /**
   * Adds modules at the end.
   *
   * @throws ValueError when one is none; nothing is added then.
   */
  extend(modules: Iterable<T>): this {
    for (const module of [...modules].map((module) => this.#checked(module))) this.append(module);
    return this;
  }

  /**
   * Adds a module before the one at a position, or, at the length, at the end. A negative position counts from the end.
   *
   * @throws ValueError when it is none, or the modules have names of their own; IndexError when there is no such position.
   */
  insert(index: number, module: T): this {
    const modules: Module[] = [...this];
    const place = index < 0 ? index + modules.length : index;
    if (!Number.isInteger(index) || place < 0 || place > modules.length)
      throw new IndexError(`there is no position ${index} among ${modules.length} modules`);
    if (ownModules(this).some(([name], i) => name !== String(i)))
      throw new ValueError("insert goes by position, and the modules have names of their own");
    modules.splice(place, 0, this.#checked(module));
    this.#replace(modules);
    return this;
  }

  /**
   * Takes out the module at a position, or of a name, and gives it back. A negative position counts from the end. Those that are left are
   * named anew by their positions, as in PyTorch.
   *
   * @throws IndexError when there is none.
   */
  pop(index: number | string = -1): T {
    const entry = this.#entry(index);
    const [name, module] = entry;
    this.#replace(ownModules(this).flatMap(([other, part]) => (other === name ? [] : [part])));
    return module;
  }

  /** The modules in order. */
  *[Symbol.iterator](): IterableIterator<T> {
    for (const [, module] of ownModules(this)) yield module as T;
  }

  #entry(index: number | string): [name: string, module: T] {
    const all = ownModules(this) as [string, T][];
    const found = typeof index === "string" ? all.find(([name]) => name === index) : all.at(index);
    if (found === undefined) throw new IndexError(`there is no module ${quote(index)} among ${all.length}`);
    return found;
  }

  #replace(modules: readonly Module[]): void {
    const fields = this as unknown as Record<string, unknown>;
    for (const [name] of ownModules(this)) delete fields[name];
    for (const [i, module] of modules.entries()) this.registerModule(String(i), module);
  }

  #checked(module: unknown): T {
    if (module instanceof Module) return module as T;
    throw new ValueError(`a ${this.constructor.name} holds modules; got ${quote(module)}`);
  }
}
