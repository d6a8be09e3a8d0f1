import { noGrad } from "@flambeau/autograd";
import { quote, ValueError } from "@flambeau/backend";
import { type Args, bind, type Tensor } from "@flambeau/tensor";
import { ModuleDict } from "../../containers/module-dict.ts";
import { nameOf } from "../../module/location.ts";
import { keyOf } from "../../module/members.ts";
import type { Module } from "../../module/module.ts";
import { fieldNameOf, fieldsOf } from "../tensor-field.ts";
import { uncache } from "./cache.ts";
import { checkSame, memberLike, type Parametrization, ParametrizationList } from "./list.ts";

interface Types<M extends Module = Module> {
  /** The module. */
  readonly module: M;
  /** The module that makes the tensor. */
  readonly parametrization: Parametrization;
}

const REGISTER =
  "registerParametrization(module: module, tensorName: string, parametrization: module, *, unsafe: bool = false)";

/**
 * Lets a module compute one of its parameters or buffers: reading `module.weight` calls the parametrization with the tensor that was there, which
 * from now on is trained in its place. Where the parametrization has a method `rightInverse(tensor)`, the tensor is what that gives for
 * the one that was there, or several tensors; assigning to `module.weight` goes through it, too. Further parametrizations of the same
 * tensor come after the first.
 *
 * The tensors are `parametrizations.weight.original`, or `original0`, `original1`, ... in state dicts, as in PyTorch, and the class's
 * name begins with `Parametrized`. An optimizer is made of the parameters after this where `rightInverse` gives several.
 *
 * @returns the module.
 * @param tensorName - the name of a parameter or buffer.
 * @param unsafe - allow another dtype or shape.
 * @throws ArgumentError when the module has no such tensor; ValueError, DTypeError and ShapeError when what the parametrization makes is not
 *   like the tensor, unless `unsafe` is set. Nothing has changed then.
 *
 * @example
 * ```ts
 * import { nn, type Tensor } from "flambeau";
 *
 * class Symmetric extends nn.Module {
 *   override forward(x: Tensor): Tensor {
 *     return x.triu().add(x.triu(1).t());
 *   }
 * }
 *
 * const layer = nn.utils.parametrize.registerParametrization(new nn.Linear(3, 3), "weight", new Symmetric());
 * console.log(layer.weight.equal(layer.weight.t()), Object.keys(layer.stateDict()).join());
 * // true bias,parametrizations.weight.original
 * ```
 */
export function registerParametrization<M extends Module>(...args: Args<typeof REGISTER, Types<M>>): M {
  const bound = bind<typeof REGISTER, Types<M>>(REGISTER, args);
  const { module, parametrization, unsafe } = bound;
  const list = listOf(module, bound.tensorName);
  parametrization.train(module.training);
  if (list === undefined) {
    const name = fieldNameOf("registerParametrization", module, bound.tensorName);
    const original = fieldsOf(module)[name] as Tensor;
    install(module, name, new ParametrizationList([parametrization], original, unsafe));
    return module;
  }
  if (!unsafe) {
    const before = list();
    const after: unknown = parametrization(before);
    checkSame("forward", after, before);
    if (parametrization.rightInverse !== undefined)
      checkSame("rightInverse", parametrization.rightInverse(after as Tensor), before);
  }
  uncache(list);
  list.append(parametrization);
  list.unsafe ||= unsafe;
  return module;
}

/** Puts a computed field in place of a tensor. */
function install(module: Module, name: string, list: ParametrizationList): void {
  const fields = fieldsOf(module);
  delete fields[name];
  if (!(fields.parametrizations instanceof ModuleDict)) {
    fields.parametrizations = new ModuleDict();
    const base = module.constructor as new (...args: never[]) => Module;
    const kind = `Parametrized${base.name}`;
    // The class is there for its name, which the module's text has.
    const kinds = { [kind]: class extends (base as new () => Module) {} };
    Object.setPrototypeOf(module, kinds[kind].prototype);
  }
  const key = keyOf(module, name);
  (fields.parametrizations as ModuleDict).set(key, list);
  // Of `this`, so that a copy of the module has its own.
  Object.defineProperty(module, name, {
    configurable: true,
    enumerable: false,
    get(this: Module) {
      return listOf(this, name)?.();
    },
    set(this: Module, value: Tensor) {
      const own = listOf(this, name);
      if (own !== undefined) uncache(own);
      own?.rightInverse(value);
    },
  });
}

function listOf(module: Module, name: string): ParametrizationList | undefined {
  const { parametrizations } = fieldsOf(module);
  if (!(parametrizations instanceof ModuleDict)) return undefined;
  const key = [name, keyOf(module, name)].find((key) => parametrizations.has(key));
  return key === undefined ? undefined : (parametrizations.get(key) as ParametrizationList);
}

const IS = "isParametrized(module: module, tensorName?: string)";

/**
 * Whether a module computes one of its tensors, or the tensor of a name.
 *
 * @param tensorName - of this tensor alone.
 *
 * @example
 * ```ts
 * import { nn } from "flambeau";
 *
 * const layer = nn.utils.parametrizations.weightNorm(new nn.Linear(2, 3));
 * console.log(nn.utils.parametrize.isParametrized(layer), nn.utils.parametrize.isParametrized(layer, "bias"));
 * // true false
 * ```
 */
export function isParametrized(...args: Args<typeof IS, Pick<Types, "module">>): boolean {
  const { module, tensorName } = bind<typeof IS, Pick<Types, "module">>(IS, args);
  if (tensorName !== undefined) return listOf(module, tensorName) !== undefined;
  const { parametrizations } = fieldsOf(module);
  return parametrizations instanceof ModuleDict && parametrizations.size > 0;
}

const TYPE = "typeBeforeParametrizations(module: module)";

/**
 * The class of a module before any of its tensors was parametrized.
 *
 * @example
 * ```ts
 * import { nn } from "flambeau";
 *
 * const layer = nn.utils.parametrizations.weightNorm(new nn.Linear(2, 3));
 * console.log(layer.constructor.name, nn.utils.parametrize.typeBeforeParametrizations(layer) === nn.Linear);
 * // ParametrizedLinear true
 * ```
 */
export function typeBeforeParametrizations(...args: Args<typeof TYPE, Pick<Types, "module">>): unknown {
  const { module } = bind<typeof TYPE, Pick<Types, "module">>(TYPE, args);
  return isParametrized(module) ? Object.getPrototypeOf(module.constructor) : module.constructor;
}

const REMOVE = "removeParametrizations(module: module, tensorName: string, leaveParametrized: bool = true)";

/**
 * Makes a parametrized tensor one of the module's own again: with the values that it has, or, without `leaveParametrized`, the one under the
 * parametrizations. A parameter comes back as one, frozen if it was, and a buffer as a buffer.
 *
 * @returns the module.
 * @param tensorName - the name of a parameter or buffer.
 * @param leaveParametrized - keep the computed tensor; otherwise the one under it comes back.
 * @throws ValueError when the tensor is not parametrized, or has several tensors under it and `leaveParametrized` is false.
 *
 * @example
 * ```ts
 * import { nn } from "flambeau";
 *
 * const layer = nn.utils.parametrizations.weightNorm(new nn.Linear(2, 3));
 * nn.utils.parametrize.removeParametrizations(layer, "weight");
 * console.log(Object.keys(layer.stateDict()).join(), layer.constructor.name);
 * // bias,weight Linear
 * ```
 */
export function removeParametrizations<M extends Module>(
  ...args: Args<typeof REMOVE, Pick<Types<M>, "module">>
): M {
  const bound = bind<typeof REMOVE, Pick<Types<M>, "module">>(REMOVE, args);
  const { module, tensorName, leaveParametrized } = bound;
  const list = listOf(module, tensorName);
  if (list === undefined)
    throw new ValueError(`${nameOf(module)} has no parametrization of ${quote(tensorName)}`);
  if (!leaveParametrized && !list.isTensor)
    throw new ValueError(
      `${tensorName} is computed from ${list.ntensors} tensors, none of which can take its place; leave out leaveParametrized: false`,
    );
  uncache(list);
  const own = original(list, leaveParametrized);
  const fields = fieldsOf(module);
  const parametrizations = fields.parametrizations as ModuleDict;
  const name = Object.getOwnPropertyNames(module).find(
    (key) => listOf(module, key) === list && !Object.keys(module).includes(key),
  ) as string;
  delete fields[name];
  parametrizations.pop(parametrizations.keys().find((key) => parametrizations.get(key) === list) as string);
  fields[name] = own;
  if (parametrizations.size === 0) {
    delete fields.parametrizations;
    Object.setPrototypeOf(module, Object.getPrototypeOf(Object.getPrototypeOf(module)));
  }
  return module;
}

/** What takes the place of a list: with one tensor under it that one, which an optimizer has. */
function original(list: ParametrizationList, leaveParametrized: boolean): Tensor {
  const value = leaveParametrized ? noGrad(() => list()) : null;
  const originals = list.originals();
  const [own] = originals;
  if (!list.isTensor)
    return memberLike(
      own,
      value as Tensor,
      originals.some((x) => x.requiresGrad),
    );
  if (value !== null) noGrad(() => own.setData_(value.detach()));
  return own;
}
