import { quote, ValueError } from "@flambeau/backend";
import { type Named, ownModules } from "../module/members.ts";
import { Module } from "../module/module.ts";

/**
 * Modules by name that a model runs in its own way; it is not called itself.
 *
 * @example
 * ```ts
 * import { nn, type Tensor, tensor } from "flambeau";
 *
 * class Choice extends nn.Module {
 *   activations: nn.ModuleDict = new nn.ModuleDict({ relu: new nn.ReLU(), tanh: new nn.Tanh() });
 *   override forward(x: Tensor, name: string): Tensor {
 *     return this.activations.get(name)(x);
 *   }
 * }
 *
 * console.log(String(new Choice()(tensor([-1, 1]), "relu")));
 * // tensor([0., 1.])
 * ```
 */
export class ModuleDict extends Module {
  /** The module of a name, as `get`. A class's index has the types of its methods as well, and so is any. */
  // biome-ignore lint/suspicious/noExplicitAny: see above
  [name: string]: any;

  constructor(modules: Readonly<Record<string, Module>> = {}) {
    super();
    this.update(modules);
  }

  /** The number of modules. */
  get size(): number {
    return ownModules(this).length;
  }

  /** Whether there is a module of this name. */
  has(name: string): boolean {
    return this.keys().includes(name);
  }

  /**
   * The module of a name.
   *
   * @throws ValueError when there is none.
   */
  get(name: string): Module {
    if (!this.has(name))
      throw new ValueError(
        `the ModuleDict has no ${quote(name)}; it has ${this.keys().join(", ") || "nothing"}`,
      );
    return this.getSubmodule(name);
  }

  /**
   * Sets or replaces the module of a name.
   *
   * @throws ValueError when it is no module, or the name is a method's.
   */
  set(name: string, module: Module): this {
    if (!(module instanceof Module)) throw new ValueError(`a ModuleDict holds modules; got ${quote(module)}`);
    this.registerModule(name, module);
    return this;
  }

  /** The names in order. */
  keys(): string[] {
    return ownModules(this).map(([name]) => name);
  }

  /** The modules in order. */
  values(): Module[] {
    return ownModules(this).map(([, module]) => module);
  }

  /** Names and modules in order. */
  entries(): Named<Module>[] {
    return ownModules(this);
  }

  /** Names and modules in order, as `entries`. */
  items(): Named<Module>[] {
    return this.entries();
  }

  /**
   * Sets or replaces several modules.
   *
   * @throws ValueError when one is no module, or a name is a method's.
   */
  update(modules: Readonly<Record<string, Module>>): this {
    for (const [name, module] of Object.entries(modules)) this.set(name, module);
    return this;
  }

  /**
   * Takes out the module of a name and gives it back.
   *
   * @throws ValueError when there is none.
   */
  pop(name: string): Module {
    const module = this.get(name);
    delete this[name];
    return module;
  }

  /** Takes out all modules. */
  clear(): void {
    for (const name of this.keys()) delete this[name];
  }
}
