import { ArgumentError } from "@flambeau/backend";
import { describeValue, getRngState, setRngState } from "@flambeau/tensor";
import { Module } from "../module/module.ts";

/** The class of a module. */
// biome-ignore lint/suspicious/noExplicitAny: each class has arguments of its own
type ModuleClass<A extends readonly any[], M extends Module> = new (...args: A) => M;

/**
 * A module of a class whose parameters have no initial values: their elements are undefined, for one that gets all of them from a state dict, or
 * by `nn.init`. What the class does in `resetParameters` is left out, and no random number is drawn: the numbers after it are those before.
 * `torch.nn.utils.skip_init`.
 *
 * @param moduleCls - the class.
 * @param args - what its constructor takes.
 * @throws ArgumentError when it is no class of modules; what the constructor throws.
 *
 * @example
 * ```ts
 * import { manualSeed, nn, rand } from "flambeau";
 *
 * manualSeed(0);
 * const layer = nn.utils.skipInit(nn.Linear, 2, 3);
 * console.log(String(layer), rand([1]).itemSync().toFixed(4));
 * // Linear(in_features=2, out_features=3, bias=True) 0.4963
 * ```
 */
// biome-ignore lint/suspicious/noExplicitAny: see above
export function skipInit<A extends readonly any[], M extends Module>(
  moduleCls: ModuleClass<A, M>,
  ...args: A
): M {
  if (typeof moduleCls !== "function" || !(moduleCls.prototype instanceof Module))
    throw new ArgumentError(`skipInit: moduleCls is a class of modules; got ${describeValue(moduleCls)}`);
  const state = getRngState();
  try {
    const module = new (withoutReset(moduleCls))(...args);
    Object.setPrototypeOf(module, moduleCls.prototype);
    return module;
  } finally {
    setRngState(state);
  }
}

/** A class whose constructor finds nothing to reset. */
// biome-ignore lint/suspicious/noExplicitAny: see above
function withoutReset<A extends readonly any[], M extends Module>(
  Kind: ModuleClass<A, M>,
): ModuleClass<A, M> {
  const Base = Kind as unknown as new (...args: unknown[]) => { resetParameters?(): void };
  return class extends Base {
    override resetParameters(): void {}
  } as unknown as ModuleClass<A, M>;
}
