import { FlambeauError, quote, ValueError } from "@flambeau/backend";
import { dispatch, type HookHandle, lifetime, showAs, Tensor } from "@flambeau/tensor";
import { Callable } from "../callable.ts";
import { Buffer, type BufferOptions, Parameter } from "../parameter.ts";
import { bringModule, convertModule, type ToTarget } from "./convert.ts";
import { type ForwardHook, type ForwardPreHook, Hooks } from "./hooks.ts";
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

  constructor() {
    super((self: Module, args) => {
      return dispatch.observer === null ? Module.#run(self, args) : Module.#observed(self, args);
    });
  }

  /** A call whose ops are seen within it. */
  static #observed(self: Module, args: unknown[]): unknown {
    return dispatch.grouped(self.constructor.name, args, () => Module.#run(self, args));
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
    throw new FlambeauError(`${this.constructor.name} does not define forward()`);
  }

  /** The parameters of this module and those below it, each once. */
  parameters(options: ListOptions = {}): Parameter[] {
    return this.namedParameters(options).map(([, parameter]) => parameter);
  }

  /** As `parameters`, each with its dotted path. */
  namedParameters(options: NamedListOptions = {}): Named<Parameter>[] {
    return allMembers(this, ownParameters, options.prefix ?? "", options.recurse ?? true);
  }

  /** The buffers of this module and those below it, each once. */
  buffers(options: ListOptions = {}): Buffer[] {
    return this.namedBuffers(options).map(([, buffer]) => buffer);
  }

  /** As `buffers`, each with its dotted path. */
  namedBuffers(options: NamedListOptions = {}): Named<Buffer>[] {
    return allMembers(this, ownBuffers, options.prefix ?? "", options.recurse ?? true);
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
  namedModules(options: { readonly prefix?: string } = {}): Named<Module>[] {
    return allModules(this, options.prefix ?? "");
  }

  /**
   * Calls `fn` with every module below this one, children first, and with this one last.
   *
   * @throws ValueError when the module holds itself.
   */
  apply(fn: (module: Module) => void): this {
    allPaths(this, "");
    for (const child of this.children()) child.apply(fn);
    fn(this);
    return this;
  }

  /** Sets this module and all below it to training mode. */
  train(mode = true): this {
    for (const module of this.modules()) module.training = mode;
    return this;
  }

  /** Sets this module and all below it to evaluation mode, as `train(false)`. */
  eval(): this {
    return this.train(false);
  }

  /** Forgets the gradients of all parameters; with `setToNone: false`, fills them with zeros instead. */
  zeroGrad(options: { readonly setToNone?: boolean } = {}): void {
    for (const parameter of this.parameters()) {
      if (options.setToNone ?? true) parameter.grad = null;
      else if (parameter.grad !== null) parameter.grad = parameter.grad.detach().zero_();
    }
  }

  /** Makes all parameters collect gradients, or (`false`) freezes them. */
  requiresGrad_(value = true): this {
    for (const parameter of this.parameters()) parameter.requiresGrad_(value);
    return this;
  }

  /**
   * Moves parameters and buffers to a device or converts them to a float dtype, in place: the parameters stay the same
   * objects, so optimizers keep working. Integer buffers keep their dtype.
   *
   * @throws DTypeError when the dtype is no float, or the device does not have it; DeviceError when the device is not
   *   ready, or the module is on one that cannot be read at once and would leave it (use `await model.cpu()`). Nothing has
   *   moved then.
   */
  to(target: ToTarget): this {
    convertModule(this, target);
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
   * Brings parameters and buffers to the CPU from whatever device, in place as `to` does. Until the promise is kept the
   * module is where it was; train it on after that.
   *
   * @throws DTypeError when the CPU does not have a dtype: float16. Nothing has moved then.
   */
  async cpu(): Promise<this> {
    await bringModule(this);
    return this;
  }

  /**
   * Parameters and persistent buffers by their dotted paths, those of the library's modules under PyTorch's names
   * (`running_mean`). The tensors share the module's memory and are cut off from the graph: clone them to keep values while
   * training goes on.
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
  stateDict(options: StateDictOptions = {}): StateDict {
    return saveState(this, options);
  }

  /**
   * Copies the values of a state dict into the parameters and buffers, converted to their dtype and device. A key of PyTorch's
   * in snake_case stands for a field in camelCase, where there is just one: `input_layer.weight` for `inputLayer.weight`.
   *
   * @returns the missing and unexpected keys, which are allowed only when `strict` is false.
   * @throws StateDictError with every missing and unexpected key and every wrong shape, ValueError when the module holds
   *   itself; nothing has changed then.
   */
  loadStateDict(dict: StateDict, options: LoadOptions = {}): LoadResult {
    return loadState(this, dict, options.strict ?? true);
  }

  /**
   * Calls `hook(module, args, output)` after each call of this module; what it returns replaces the output.
   *
   * @returns a function that removes the hook.
   */
  registerForwardHook(hook: ForwardHook): HookHandle {
    this.#hooks ??= new Hooks();
    return this.#hooks.addAfter(hook);
  }

  /**
   * Calls `hook(module, args)` before each call of this module; what it returns replaces the arguments.
   *
   * @returns a function that removes the hook.
   */
  registerForwardPreHook(hook: ForwardPreHook): HookHandle {
    this.#hooks ??= new Hooks();
    return this.#hooks.addBefore(hook);
  }

  /**
   * Sets the field `name` to a parameter: for names that are computed.
   *
   * @throws ValueError when it is no parameter, or the name is empty, has a dot or is a method's.
   */
  registerParameter(name: string, parameter: Parameter | null): void {
    if (parameter !== null && !(parameter instanceof Parameter))
      throw new ValueError(`registerParameter takes a Parameter or null; got ${quote(parameter)}`);
    this.#setMember(name, parameter);
  }

  /**
   * Sets the field `name` to a buffer over `data`'s memory.
   *
   * @throws ValueError when it is no tensor, or the name is empty, has a dot or is a method's.
   */
  registerBuffer(name: string, data: Tensor | null, options: BufferOptions = {}): void {
    if (data !== null && !(data instanceof Tensor))
      throw new ValueError(`registerBuffer takes a tensor or null; got ${quote(data)}`);
    this.#setMember(name, data === null ? null : new Buffer(data, options));
  }

  /**
   * Sets the field `name` to a child module.
   *
   * @throws ValueError when it is no module, or the name is empty, has a dot or is a method's.
   */
  registerModule(name: string, module: Module | null): void {
    if (module !== null && !(module instanceof Module))
      throw new ValueError(`registerModule takes a Module or null; got ${quote(module)}`);
    this.#setMember(name, module);
  }

  /**
   * The module at a dotted path; the empty path is this one.
   *
   * @throws ValueError when there is none.
   */
  getSubmodule(path: string): Module {
    let module: Module = this;
    for (const name of path === "" ? [] : path.split(".")) {
      const next = memberOf(module, name);
      if (!(next instanceof Module))
        throw new ValueError(`${this.constructor.name} has no module ${quote(path)}`);
      module = next;
    }
    return module;
  }

  /**
   * The parameter at a dotted path.
   *
   * @throws ValueError when there is none.
   */
  getParameter(path: string): Parameter {
    const found = memberOf(
      this.getSubmodule(path.split(".").slice(0, -1).join(".")),
      path.split(".").at(-1) ?? "",
    );
    if (!(found instanceof Parameter))
      throw new ValueError(`${this.constructor.name} has no parameter ${quote(path)}`);
    return found;
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
    if (taken)
      throw new ValueError(`${this.constructor.name} already has something else named ${quote(name)}`);
    (this as unknown as Record<string, unknown>)[name] = value;
  }
}
showAs(Module.prototype);

function memberOf(module: Module, name: string): unknown {
  return Object.hasOwn(module, name) ? (module as unknown as Record<string, unknown>)[name] : undefined;
}

function isMember(value: unknown): boolean {
  return value instanceof Parameter || value instanceof Buffer || value instanceof Module;
}

export interface Module {
  /** Runs the hooks and `forward`. */
  // biome-ignore lint/style/useShorthandFunctionType: a type alias cannot merge with the class
  (...args: Parameters<this["forward"]>): ReturnType<this["forward"]>;
}
