import { ValueError } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";
import { ReLU } from "../layers/activations.ts";
import { Linear } from "../layers/linear.ts";
import { ownModules } from "../module/members.ts";
import { Module } from "../module/module.ts";
import { ModuleSequence } from "./module-sequence.ts";

/**
 * Modules run one after another, each on the result of the one before.
 *
 * Given as arguments they are named "0", "1", ... and found as `model[0]`; given as an object, by its keys.
 *
 * @example
 * ```ts
 * import { nn } from "flambeau";
 *
 * console.log(String(new nn.Sequential(new nn.Linear(1, 3), new nn.Sigmoid())));
 * // Sequential(
 * //   (0): Linear(in_features=1, out_features=3, bias=True)
 * //   (1): Sigmoid()
 * // )
 * ```
 */
export class Sequential extends ModuleSequence {
  constructor(...modules: Module[] | [Readonly<Record<string, Module>>]) {
    super();
    const [first] = modules;
    const named = modules.length === 1 && isPlainObject(first) ? first : { ...(modules as Module[]) };
    for (const [name, module] of Object.entries(named)) this.registerModule(name, checkModule(module, name));
  }

  /** Runs the modules in order. */
  override forward(x: Tensor): Tensor {
    let isOurs = false;
    for (const [, module] of ownModules(this)) {
      // What a linear layer has just made nobody else holds, and its derivative does not read it.
      x = isOurs && isPlain(module, ReLU) ? x.relu_() : module(x);
      isOurs = isPlain(module, Linear);
    }
    return x;
  }

  /** Adds a module at the end. */
  append(module: Module): this {
    this.registerModule(String(this.length), checkModule(module, String(this.length)));
    return this;
  }
}

/** Whether a module is just that layer: no subclass, no hooks, no `forward` of its own. */
function isPlain(module: Module, layer: typeof ReLU | typeof Linear): boolean {
  const { prototype } = layer;
  return (
    Object.getPrototypeOf(module) === prototype &&
    module.forward === prototype.forward &&
    !Module.hasHooks(module)
  );
}

function isPlainObject(x: unknown): x is Readonly<Record<string, Module>> {
  return typeof x === "object" && x !== null;
}

function checkModule(module: unknown, name: string): Module {
  if (module instanceof Module) return module;
  throw new ValueError(
    `a Sequential holds modules; "${name}" is ${module === null ? "null" : `a ${typeof module}`}`,
  );
}
