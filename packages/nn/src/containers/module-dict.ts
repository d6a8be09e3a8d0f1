import { quote, ValueError } from "@flambeau/backend";
import { type Args, bind } from "@flambeau/tensor";
import { type Named, ownModules } from "../module/members.ts";
import { Module } from "../module/module.ts";
import { namedModulesOf } from "./items.ts";

const MODULE_DICT = "ModuleDict(modules?: object)";
const HAS = "has(key: string)";
const GET = "get(key: string)";
const SET = "set(key: string, module: module)";
const UPDATE = "update(modules: object)";
const POP = "pop(key: string)";

/** The types that the signatures have no kinds for. */
interface Types {
  /** The module. */
  readonly module: Module;
  /** The modules by their names. */
  readonly modules: Readonly<Record<string, Module>> | null;
}

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

  constructor(...args: Args<typeof MODULE_DICT, Types>) {
    super();
    const { modules } = bind<typeof MODULE_DICT, Types>(MODULE_DICT, args);
    for (const [name, module] of namedModulesOf("ModuleDict", modules ?? {}))
      this.registerModule(name, module);
  }

  /** The number of modules. */
  get size(): number {
    return ownModules(this).length;
  }

  /** Whether there is a module of this name. */
  has(...args: Args<typeof HAS>): boolean {
    return this.keys().includes(bind(HAS, args).key);
  }

  /**
   * The module of a name.
   *
   * @throws ValueError when there is none.
   */
  get(...args: Args<typeof GET>): Module {
    const name = bind(GET, args).key;
    if (!this.has(name))
      throw new ValueError(
        `the ModuleDict has no ${quote(name)}; it has ${this.keys().join(", ") || "nothing"}`,
      );
    return this.getSubmodule(name);
  }

  /**
   * Sets or replaces the module of a name.
   *
   * @throws ArgumentError when it is no module; ValueError when the name is a method's.
   */
  set(...args: Args<typeof SET, Types>): this {
    const { key, module } = bind<typeof SET, Types>(SET, args);
    this.registerModule(key, module);
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
   * @throws ArgumentError when one is no module; ValueError when a name is a method's.
   */
  update(...args: Args<typeof UPDATE, Types>): this {
    const { modules } = bind<typeof UPDATE, Types>(UPDATE, args);
    for (const [name, module] of namedModulesOf("update", modules ?? {})) this.registerModule(name, module);
    return this;
  }

  /**
   * Takes out the module of a name and gives it back.
   *
   * @throws ValueError when there is none.
   */
  pop(...args: Args<typeof POP>): Module {
    const name = bind(POP, args).key;
    const module = this.get(name);
    delete this[name];
    return module;
  }

  /** Takes out all modules. */
  clear(): void {
    for (const name of this.keys()) delete this[name];
  }
}
