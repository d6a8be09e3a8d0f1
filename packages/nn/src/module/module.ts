import {
  ArgumentError,
  type DType,
  FlambeauError,
  quote,
  refuseSnakeCase,
  ValueError,
} from "@flambeau/backend";
import { type Args, bind, dispatch, type HookHandle, hookHandle, lifetime, showAs } from "@flambeau/tensor";
import { Callable } from "../callable.ts";
import { Buffer, type BufferOptions, Parameter } from "../parameter.ts";
import type { BackwardHook, BackwardPreHook } from "./backward-hooks.ts";
import { bringModule, convertModule, type Destination, type ToTarget } from "./convert.ts";
import {
  type BACKWARD_HOOK,
  type BACKWARD_PRE_HOOK,
  type FORWARD_HOOK,
  type FORWARD_PRE_HOOK,
  type ForwardHook,
  type ForwardPreHook,
  type HookOptions,
  Hooks,
} from "./hooks.ts";
import { located, nameOf } from "./location.ts";
import {
  allMembers,
  allModules,
  allPaths,
  type Named,
  ownBuffers,
  ownModules,
  ownParameters,
} from "./members.ts";
import {
  type LoadOptions,
  type LoadResult,
  loadState,
  type StateDict,
  type StateDictOptions,
  saveState,
} from "./state-dict.ts";
import { moduleText } from "./text.ts";

const PARAMETERS = "parameters(recurse: bool = true)";
const NAMED_PARAMETERS = "namedParameters(prefix: string = '', recurse: bool = true)";
const BUFFERS = "buffers(recurse: bool = true)";
const NAMED_BUFFERS = "namedBuffers(prefix: string = '', recurse: bool = true)";
/** PyTorch has `memo` first. */
const NAMED_MODULES = "namedModules(*, prefix: string = '')";
const APPLY = "apply(fn: function)";
const TRAIN = "train(mode: bool = true)";
const ZERO_GRAD = "zeroGrad(setToNone = true)";
const REQUIRES_GRAD = "requiresGrad_(requiresGrad = true)";
const STATE_DICT = "stateDict(*, prefix: string = '', snakeCase: bool = false)";
const LOAD_STATE_DICT = "loadStateDict(stateDict: object, strict: bool = true)";
const REGISTER_PARAMETER = "registerParameter(name: string, param: tensor|null)";
const REGISTER_BUFFER = "registerBuffer(name: string, tensor: tensor|null, persistent: bool = true)";
const REGISTER_MODULE = "registerModule(name: string, module: module|null)";
const ADD_MODULE = "addModule(name: string, module: module|null)";
const GET_SUBMODULE = "getSubmodule(target: string)";
const GET_PARAMETER = "getParameter(target: string)";
const GET_BUFFER = "getBuffer(target: string)";
const SET_SUBMODULE = "setSubmodule(target: string, module: module, strict: bool = false)";
const TYPE = "type(dstType: dtype)";

/** Options of the methods that list members. */
export interface ListOptions {
  /** Look into child modules too. Default true. */
  readonly recurse?: boolean;
}

/** Options of the methods that list members under their names. */
export interface NamedListOptions extends ListOptions {
  /** A path to put before every name. Default none. */
  readonly prefix?: string;
}

/**
 * The base of every layer, loss and model. A subclass says in `forward` what it computes and is called like a function:
 * `model(x)` runs the hooks and `forward`, with `forward`'s types.
 *
 * A parameter, buffer or child module is any field that holds a `Parameter`, `Buffer` or `Module`, in the order the
 * fields are declared or, undeclared, first set. A field with a plain tensor is neither, and a `#private` field is not seen.
 *
 * @throws FlambeauError when it is called and the subclass does not define `forward`.
 *
 * @example
 * ```ts
 * import { nn, type Tensor } from "flambeau";
 *
 * class Net extends nn.Module {
 *   hidden: nn.Linear = new nn.Linear(2, 5);
 *   output: nn.Linear = new nn.Linear(5, 1);
 *   override forward(x: Tensor): Tensor {
 *     return this.output(nn.functional.relu(this.hidden(x)));
 *   }
 * }
 * console.log(String(new Net()));
 * // Net(
 * //   (hidden): Linear(in_features=2, out_features=5, bias=True)
 * //   (output): Linear(in_features=5, out_features=1, bias=True)
 * // )
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the merged interface only adds the call, which Callable implements
export class Module extends Callable {
  /**
   * What fields are called in a state dict where that is not their own name: PyTorch's names for the library's own.
   *
   * @internal
   */
  static readonly stateKeys: Readonly<Record<string, string>> | ((name: string) => string) = {};

  /** Whether the module is in training mode: dropout drops. Set by `train()` and `eval()`. */
  training: boolean = true;
  #hooks: Hooks | null = null;

  constructor(...args: readonly []) {
    super((self: Module, args) => {
      try {
        return dispatch.observer === null ? Module.#run(self, args) : Module.#observed(self, args);
      } catch (error) {
        throw located(error, self);
      }
    });
    // Of a class without a constructor they are those of the call: `new nn.Sigmoid(true)`.
    if (args.length > 0) bind(`${nameOf(this)}()`, args);
  }

  /** A call whose ops are seen within it. */
  static #observed(self: Module, args: unknown[]): unknown {
    return dispatch.observedModule(nameOf(self), self, args, () => Module.#run(self, args));
  }

  static #run(self: Module, args: unknown[]): unknown {
    if (self.#hooks !== null) return self.#hooks.run(self, args);
    return Module.isDiscreet(self) ? lifetime.tidy(() => self.forward(...args)) : self.forward(...args);
  }

  /**
   * A module of the same class with the same hooks, and none of its fields: what a copy begins with.
   *
   * @internal
   */
  static unbuilt(module: Module): Module {
    // The subclass's constructor does not run; its prototype is found through it.
    const made: Module = Reflect.construct(Module, [], module.constructor);
    made.#hooks = module.#hooks?.copy() ?? null;
    return made;
  }

  /**
   * Whether calling a module does more than `forward`.
   *
   * @internal
   */
  static hasHooks(module: Module): boolean {
    return module.#hooks !== null;
  }

  /**
   * Takes away the first hook before `forward` that is such a one, and returns whether there was one.
   *
   * @internal
   */
  static removePreHook(module: Module, isIt: (hook: ForwardPreHook) => boolean): boolean {
    const wasThere = module.#hooks?.removeBefore(isIt) ?? false;
    module.#dropHooks();
    return wasThere;
  }

  /**
   * Whether a call leaves nobody but the caller, and the graph, with its input and its result. Layers that are so
   * say it in a static field of their own, which a subclass's `forward` does not inherit.
   *
   * @internal
   */
  static isDiscreet(module: Module): boolean {
    return (
      module.#hooks === null &&
      Object.hasOwn(module.constructor, "keepsNothing") &&
      !Object.hasOwn(module, "forward")
    );
  }

  /** What a call computes: `module(x)` runs the hooks, where there are any, and this. */
  // biome-ignore lint/suspicious/noExplicitAny: every subclass has its own arguments and result
  forward(..._args: any[]): any {
    throw new FlambeauError(`${nameOf(this)} does not define forward()`);
  }

  /** The parameters of this module and those below it, each once. */
  parameters(...args: Args<typeof PARAMETERS, Required<ListOptions>>): Parameter[] {
    return this.namedParameters(bind(PARAMETERS, args)).map(([, parameter]) => parameter);
  }

  /** As `parameters`, each with its dotted path. */
  namedParameters(...args: Args<typeof NAMED_PARAMETERS, Required<NamedListOptions>>): Named<Parameter>[] {
    const { prefix, recurse } = bind(NAMED_PARAMETERS, args);
    return allMembers(this, ownParameters, prefix, recurse);
  }

  /** The buffers of this module and those below it, each once. */
  buffers(...args: Args<typeof BUFFERS, Required<ListOptions>>): Buffer[] {
    return this.namedBuffers(bind(BUFFERS, args)).map(([, buffer]) => buffer);
  }

  /** As `buffers`, each with its dotted path. */
  namedBuffers(...args: Args<typeof NAMED_BUFFERS, Required<NamedListOptions>>): Named<Buffer>[] {
    const { prefix, recurse } = bind(NAMED_BUFFERS, args);
    return allMembers(this, ownBuffers, prefix, recurse);
  }

  /** The modules that fields of this one hold, each once. */
  children(): Module[] {
    return this.namedChildren().map(([, child]) => child);
  }

  /** As `children`, each with its field's name. */
  namedChildren(): Named<Module>[] {
    const seen = new Set<Module>();
    return ownModules(this).filter(([, child]) => !seen.has(child) && seen.add(child));
  }

  /** This module and all below it, each once, parents first. */
  modules(): Module[] {
    return this.namedModules().map(([, module]) => module);
  }

  /** As `modules`, each with its dotted path; this one's is empty. */
  namedModules(
    ...args: Args<typeof NAMED_MODULES, Pick<Required<NamedListOptions>, "prefix">>
  ): Named<Module>[] {
    return allModules(this, bind(NAMED_MODULES, args).prefix);
  }

  /**
   * Calls `fn` with every module below this one, children first, and with this one last.
   *
   * @param fn - is called with each module.
   * @throws ValueError when the module holds itself.
   */
  apply(...args: Args<typeof APPLY, { readonly fn: (module: Module) => void }>): this {
    const { fn } = bind<typeof APPLY, { readonly fn: (module: Module) => void }>(APPLY, args);
    allPaths(this, "");
    for (const child of this.children()) child.apply(fn);
    fn(this);
    return this;
  }

  /** Sets this module and all below it to training mode. */
  train(...args: Args<typeof TRAIN>): this {
    const { mode } = bind(TRAIN, args);
    for (const module of this.modules()) module.training = mode;
    return this;
  }

  /** Sets this module and all below it to evaluation mode, as `train(false)`. */
  eval(): this {
    return this.train(false);
  }

  /** Forgets the gradients of all parameters; with `setToNone: false`, fills them with zeros instead. */
  zeroGrad(...args: Args<typeof ZERO_GRAD>): void {
    const { setToNone } = bind(ZERO_GRAD, args);
    for (const parameter of this.parameters()) {
      if (setToNone) parameter.grad = null;
      else if (parameter.grad !== null) parameter.grad = parameter.grad.detach().zero_();
    }
  }

  /** Makes all parameters collect gradients, or (`false`) freezes them. */
  requiresGrad_(...args: Args<typeof REQUIRES_GRAD>): this {
    const { requiresGrad } = bind(REQUIRES_GRAD, args);
    for (const parameter of this.parameters()) parameter.requiresGrad_(requiresGrad);
    return this;
  }

  to(device: ToTarget, dtype?: DType | null): this;
  to(options: Destination): this;
  /**
   * Moves parameters and buffers to a device or converts them to a float dtype, in place: the parameters stay the same
   * objects, so optimizers keep working. Integer buffers keep their dtype.
   *
   * @throws DTypeError when the dtype is no float, or the device does not have it; DeviceError when the device is not
   *   ready, or the module is on one that cannot be read at once and would leave it (use `await model.cpu()`). Nothing has
   *   moved then.
   */
  to(...args: unknown[]): this {
    convertModule(this, args);
    return this;
  }

  /** As `to("float32")`. */
  float(): this {
    return this.to("float32");
  }

  /** As `to("float64")`. */
  double(): this {
    return this.to("float64");
  }

  /**
   * As `to("float16")`.
   *
   * @throws DTypeError on a device that does not have it: a GPU without.
   */
  half(): this {
    return this.to("float16");
  }

  /**
   * As `to("bfloat16")`.
   *
   * @throws DTypeError on a device that does not have it: WebGPU.
   */
  bfloat16(): this {
    return this.to("bfloat16");
  }

  /**
   * Converts parameters and all buffers to a dtype, in place: integer buffers, too, other than `to`.
   *
   * @param dstType - the float dtype.
   * @throws DTypeError when the dtype is no float, or the device does not have it; nothing has changed then.
   */
  type(...args: Args<typeof TYPE, { readonly dstType: DType }>): this {
    convertModule(this, [bind<typeof TYPE, { readonly dstType: DType }>(TYPE, args).dstType], true);
    return this;
  }

  /**
   * Brings parameters and buffers to the CPU from whatever device, in place as `to` does. Until the promise is kept the
   * module is where it was; train it on after that.
   */
  async cpu(): Promise<this> {
    await bringModule(this);
    return this;
  }

  /**
   * Parameters and persistent buffers by their dotted paths, those of the library's modules under PyTorch's names
   * (`running_mean`). The tensors share the module's memory and are cut off from the graph: clone them to keep values while
   * training goes on. What a module's `getExtraState` gives is there, too, under `_extra_state`.
   *
   * @example
   * ```ts
   * import { nn } from "flambeau";
   *
   * console.log(Object.keys(new nn.Sequential(new nn.Linear(2, 1), new nn.Sigmoid()).stateDict()).join(" "));
   * // 0.weight 0.bias
   * ```
   *
   * @throws ValueError when the module holds itself.
   */
  stateDict(...args: Args<typeof STATE_DICT, Required<StateDictOptions>>): StateDict {
    return saveState(this, bind(STATE_DICT, args));
  }

  /**
   * Copies the values of a state dict into the parameters and buffers, converted to their dtype and device. A key of PyTorch's
   * in snake_case stands for a field in camelCase, where there is just one: `input_layer.weight` for `inputLayer.weight`.
   *
   * @returns the missing and unexpected keys, which are allowed only when `strict` is false.
   * @param stateDict - tensors by their paths.
   * @throws StateDictError with every missing and unexpected key and every wrong shape, ValueError when the module holds
   *   itself; nothing has changed then.
   */
  loadStateDict(
    ...args: Args<typeof LOAD_STATE_DICT, Required<LoadOptions> & { readonly stateDict: StateDict }>
  ): LoadResult {
    const { stateDict, strict } = bind<typeof LOAD_STATE_DICT, { readonly stateDict: StateDict }>(
      LOAD_STATE_DICT,
      args,
    );
    return loadState(this, stateDict, strict);
  }

  /**
   * Calls `hook(module, args, output)` after each call of this module; what it returns replaces the output. With `prepend` it is called
   * before the hooks that are there already; with `alwaysCall` also when `forward` throws, with `undefined` for the output.
   *
   * @returns a function that removes the hook.
   */
  registerForwardHook(...args: Args<typeof FORWARD_HOOK, HookOptions<ForwardHook>>): HookHandle {
    return this.#hooked((hooks) => hooks.addAfter(args));
  }

  /**
   * Calls `hook(module, args)` before each call of this module; what it returns replaces the arguments. With `prepend` it is called
   * before the hooks that are there already.
   *
   * @returns a function that removes the hook.
   */
  registerForwardPreHook(...args: Args<typeof FORWARD_PRE_HOOK, HookOptions<ForwardPreHook>>): HookHandle {
    return this.#hooked((hooks) => hooks.addBefore(args));
  }

  /**
   * Calls `hook(module, gradInput, gradOutput)` in the backward pass of each call of this module, once the gradients of the call's
   * arguments are there; what it returns replaces those. An argument that is no tensor has null there, and so has each where none
   * requires a gradient; a result that was not used has null among the outputs' gradients. The hook sees tensors among the arguments and in the result, or in an array that is the result, and none deeper in them. The module
   * gets copies of its arguments.
   *
   * @returns a function that removes the hook.
   * @throws AutogradError at a call in which the module writes over its input; in the backward pass when the hook returns another
   *   number of gradients, or one where there is none; ShapeError when one has another shape.
   *
   * @example
   * ```ts
   * import { nn, ones } from "flambeau";
   *
   * const layer = new nn.Linear(3, 2);
   * const remove = layer.registerFullBackwardHook((_module, [input], [output]) => {
   *   console.log(input?.shape, output?.shape);
   * });
   * layer(ones([4, 3], { requiresGrad: true })).sum().backward();
   * // [ 4, 3 ] [ 4, 2 ]
   * remove();
   * ```
   */
  registerFullBackwardHook(...args: Args<typeof BACKWARD_HOOK, HookOptions<BackwardHook>>): HookHandle {
    return this.#hooked((hooks) => hooks.addAfterBackward(args));
  }

  /**
   * Calls `hook(module, gradOutput)` in the backward pass of each call of this module, before the gradients of the call's arguments are
   * computed; what it returns replaces those of its results.
   *
   * @returns a function that removes the hook.
   * @throws as `registerFullBackwardHook`, in the backward pass.
   */
  registerFullBackwardPreHook(
    ...args: Args<typeof BACKWARD_PRE_HOOK, HookOptions<BackwardPreHook>>
  ): HookHandle {
    return this.#hooked((hooks) => hooks.addBeforeBackward(args));
  }

  #hooked(add: (hooks: Hooks) => HookHandle): HookHandle {
    const hooks = this.#hooks ?? new Hooks();
    const handle = add(hooks);
    this.#hooks = hooks;
    return hookHandle(() => {
      handle.remove();
      this.#dropHooks();
    });
  }

  /** A module whose last hook is gone is called as one that had none. */
  #dropHooks(): void {
    if (this.#hooks?.isEmpty) this.#hooks = null;
  }

  /**
   * Sets the field `name` to a parameter: for names that are computed.
   *
   * @param name - the name of the field.
   * @throws ArgumentError when it is no parameter; ValueError when the name is empty, has a dot or is a method's.
   */
  registerParameter(...args: Args<typeof REGISTER_PARAMETER, { readonly param: Parameter | null }>): void {
    const { name, param } = bind(REGISTER_PARAMETER, args);
    if (param !== null && !(param instanceof Parameter))
      throw new ArgumentError(
        `registerParameter: param is a Parameter or null; got ${quote(param)} (new nn.Parameter(x) makes one)`,
      );
    this.#setMember(name, param);
  }

  /**
   * Sets the field `name` to a buffer over `data`'s memory.
   *
   * @param name - the name of the field.
   * @throws ArgumentError when it is no tensor; ValueError when the name is empty, has a dot or is a method's.
   */
  registerBuffer(...args: Args<typeof REGISTER_BUFFER, Required<BufferOptions>>): void {
    const { name, tensor, persistent } = bind(REGISTER_BUFFER, args);
    this.#setMember(name, tensor === null ? null : new Buffer(tensor, { persistent }));
  }

  /**
   * Sets the field `name` to a child module.
   *
   * @param name - the name of the field.
   * @param module - the child, or null.
   * @throws ArgumentError when it is no module; ValueError when the name is empty, has a dot or is a method's.
   */
  registerModule(...args: Args<typeof REGISTER_MODULE, { readonly module: Module | null }>): void {
    this.#registerModule(bind(REGISTER_MODULE, args));
  }

  /**
   * As `registerModule`, which is PyTorch's newer name.
   *
   * @param name - the name of the field.
   * @param module - the child, or null.
   */
  addModule(...args: Args<typeof ADD_MODULE, { readonly module: Module | null }>): void {
    this.#registerModule(bind(ADD_MODULE, args));
  }

  #registerModule({ name, module }: { readonly name: string; readonly module: object | null }): void {
    // One of another copy of the package.
    if (module !== null && !(module instanceof Module))
      throw new ArgumentError(`registerModule: module is a Module or null; got ${quote(module)}`);
    this.#setMember(name, module);
  }

  /**
   * Sets the module at a dotted path; with `strict`, only where there is one.
   *
   * @param module - the module to place there.
   * @param strict - refuse a path where there is no module yet.
   * @throws ValueError when the path is empty, it is no module, or a module on the way, or with `strict` the one to replace, is not
   *   there; nothing has changed then.
   */
  setSubmodule(...args: Args<typeof SET_SUBMODULE, { readonly module: Module }>): void {
    const bound = bind<typeof SET_SUBMODULE, { readonly module: Module }>(SET_SUBMODULE, args);
    const { target: path, module, strict } = bound;
    if (path === "")
      throw new ValueError("setSubmodule: the path is empty; it leads to a part of the module");
    const [parent, name] = this.#placeOf(path);
    if (strict) this.getSubmodule(path);
    parent.registerModule(name, module);
  }

  /**
   * The module at a dotted path; the empty path is this one.
   *
   * @throws ValueError when there is none.
   */
  getSubmodule(...args: Args<typeof GET_SUBMODULE>): Module {
    const path = bind(GET_SUBMODULE, args).target;
    let module: Module = this;
    for (const name of path === "" ? [] : path.split(".")) {
      const next = memberOf(module, name);
      if (!(next instanceof Module)) throw new ValueError(`${nameOf(this)} has no module ${quote(path)}`);
      module = next;
    }
    return module;
  }

  /**
   * The parameter at a dotted path.
   *
   * @throws ValueError when there is none.
   */
  getParameter(...args: Args<typeof GET_PARAMETER>): Parameter {
    const path = bind(GET_PARAMETER, args).target;
    const [parent, name] = this.#placeOf(path);
    const found = memberOf(parent, name);
    if (!(found instanceof Parameter))
      throw new ValueError(`${nameOf(this)} has no parameter ${quote(path)}`);
    return found;
  }

  /**
   * The buffer at a dotted path.
   *
   * @throws ValueError when there is none.
   */
  getBuffer(...args: Args<typeof GET_BUFFER>): Buffer {
    const path = bind(GET_BUFFER, args).target;
    const [parent, name] = this.#placeOf(path);
    const found = memberOf(parent, name);
    if (!(found instanceof Buffer)) throw new ValueError(`${nameOf(this)} has no buffer ${quote(path)}`);
    return found;
  }

  /** The module that a dotted path leads into, and the name of the field there. */
  #placeOf(path: string): [parent: Module, name: string] {
    const end = path.lastIndexOf(".");
    return [this.getSubmodule(path.slice(0, Math.max(end, 0))), path.slice(end + 1)];
  }

  /** What the module's text says between its parentheses; subclasses override it. */
  extraRepr(): string {
    return "";
  }

  /**
   * PyTorch's text of the module.
   *
   * @throws ValueError when the module holds itself.
   */
  override toString(): string {
    allPaths(this, "");
    return moduleText(this);
  }

  #setMember(name: string, value: Parameter | Buffer | Module | null): void {
    if (name === "" || name.includes("."))
      throw new ValueError(`a member's name is not empty and has no dot; got ${quote(name)}`);
    const taken = name in this && !(memberOf(this, name) === null || isMember(memberOf(this, name)));
    if (taken) throw new ValueError(`${nameOf(this)} already has something else named ${quote(name)}`);
    (this as unknown as Record<string, unknown>)[name] = value;
  }
}
showAs(Module.prototype);
refuseSnakeCase(Module.prototype, "Module");

function memberOf(module: Module, name: string): unknown {
  return Object.hasOwn(module, name) ? (module as unknown as Record<string, unknown>)[name] : undefined;
}

function isMember(value: unknown): boolean {
  return value instanceof Parameter || value instanceof Buffer || value instanceof Module;
}

export interface Module {
  /**
   * Where a subclass defines it: what its state has beside parameters and buffers. `stateDict` has it under `_extra_state` behind the module's
   * path, whatever it is; formats of files may take tensors only.
   */
  getExtraState?(): unknown;
  /** Where a subclass defines it: gets what `getExtraState` gave when a state dict is loaded, after the tensors. */
  setExtraState?(state: unknown): void;
  /** Runs the hooks and `forward`. */
  (...args: Parameters<this["forward"]>): ReturnType<this["forward"]>;
}
