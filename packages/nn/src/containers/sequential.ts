import { type Args, bind, lifetime, Tensor } from "@flambeau/tensor";
import { ReLU } from "../layers/activations.ts";
import { ownModules } from "../module/members.ts";
import { Module } from "../module/module.ts";
import { namedModulesOf } from "./items.ts";
import { ModuleSequence } from "./module-sequence.ts";
import type { Positions } from "./positions.ts";

const SLICE = "slice(start?: int, end?: int)";

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
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the merged interface only says of which class the fields are
export class Sequential<L extends Module[] = Module[]> extends ModuleSequence<L[number]> {
  constructor(...modules: L | [Readonly<Record<string, Module>>]) {
    super();
    const [first] = modules;
    const named: Readonly<Record<string, Module>> =
      modules.length === 1 && isPlainObject(first)
        ? first
        : Object.fromEntries(Object.entries(modules as Module[]));
    for (const [name, module] of namedModulesOf("Sequential", named)) this.registerModule(name, module);
  }

  /** Runs the modules in order. */
  override forward(x: Tensor): Tensor {
    // Whether x was made here, by layers that keep nothing of it: nobody else holds it then but recorded ops.
    let isOurs = false;
    for (const [, module] of ownModules(this)) {
      const isDiscreet = keepsNothing(module);
      if (isOurs && isDiscreet && isReLU(module) && x.base === null && !lifetime.isKept(x)) {
        x = x.relu_();
        continue;
      }
      const y: Tensor = module(x);
      // One that gives several tensors is followed by a module that takes them.
      const isNew = y.storage !== x.storage && y instanceof Tensor;
      if (isOurs && isDiscreet && isNew) lifetime.abandon(x);
      isOurs = isDiscreet && (isOurs || isNew);
      x = y;
    }
    return x;
  }

  /**
   * A Sequential of the same modules from position `start` up to `end`, as PyTorch's `model[1:3]`; negative positions count from the end.
   * Names stay; modules without names of their own are counted anew.
   */
  slice(...args: Args<typeof SLICE>): Sequential {
    const { start, end } = bind(SLICE, args);
    const named = ownModules(this);
    const parts = named.slice(start, end);
    return named.every(([name], i) => name === String(i))
      ? new Sequential(...parts.map(([, module]) => module))
      : new Sequential<Module[]>(Object.fromEntries(parts));
  }
}

export interface Sequential<L extends Module[] = Module[]> extends Positions<L> {}

/** Whether a module, or all that a Sequential is made of, leaves nobody with what passes through it. */
function keepsNothing(module: Module): boolean {
  if (Module.isDiscreet(module)) return true;
  return (
    Object.getPrototypeOf(module) === Sequential.prototype &&
    !Module.hasHooks(module) &&
    !Object.hasOwn(module, "forward") &&
    ownModules(module).every(([, part]) => keepsNothing(part))
  );
}

function isReLU(module: Module): boolean {
  return Object.getPrototypeOf(module) === ReLU.prototype;
}

function isPlainObject(x: unknown): x is Readonly<Record<string, Module>> {
  return typeof x === "object" && x !== null;
}
