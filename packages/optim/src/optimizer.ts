import { ArgumentError, markClass, refuseSnakeCase, ValueError } from "@flambeau/backend";
import { type Args, bind, showAs, Tensor } from "@flambeau/tensor";
import { COPY } from "./copy.ts";
import {
  checkOptionNames,
  type GroupInit,
  type GroupOptions,
  type ParamGroup,
  type Params,
  readGroups,
  readParams,
} from "./group.ts";
import {
  loadedState,
  type OptimizerStateDict,
  type ParamState,
  packState,
  type StateEntry,
  type StateNumbers,
} from "./state-dict.ts";
import { keyOf } from "./state-names.ts";
import { describeGroups } from "./text.ts";

const OPTIMIZER = "Optimizer(params, defaults: object)";
/** Gradients are dropped by default, as in PyTorch 2. */
const ZERO_GRAD = "zeroGrad(setToNone = true)";
const ADD_PARAM_GROUP = "addParamGroup(paramGroup: object)";
const LOAD_STATE_DICT = "loadStateDict(stateDict: object)";

/**
 * The base of all optimizers: groups of parameters with their options, and a state for each parameter.
 *
 * The state of the optimizers here follows its parameter: after `model.to("webgpu")`, or a change of dtype, the next step
 * goes on where the last one stopped. Back from a GPU, which has to be waited for, `await optimizer.cpu()` brings it.
 *
 * A new optimizer extends it with `step`; it reads `paramGroups`, keeps what it needs from step to step in `state`, and
 * writes to the parameters inside `noGrad`.
 *
 * @example
 * ```ts
 * import { noGrad, optim, tensor } from "flambeau";
 *
 * class SignSGD extends optim.Optimizer {
 *   override step(): undefined {
 *     for (const { params, lr } of this.paramGroups) {
 *       for (const p of params) if (p.grad !== null) noGrad(() => p.sub_(p.grad!.sign().mul(lr)));
 *     }
 *   }
 * }
 *
 * const w = tensor([1, -2], { requiresGrad: true });
 * w.square().sum().backward();
 * new SignSGD([w], { lr: 0.5 }).step();
 * console.log(String(w.detach()));
 * // tensor([ 0.5000, -1.5000])
 * ```
 */
export abstract class Optimizer<O extends GroupOptions = GroupOptions> {
  /** The options of groups that do not give their own. */
  readonly defaults: Readonly<O>;
  /** The parameters by groups, each with its options. */
  readonly paramGroups: ParamGroup<O>[] = [];
  /** The state of each parameter that it has updated: momentum buffers, the number of steps. */
  readonly state: Map<Tensor, ParamState> = new Map();

  /**
   * @param params - parameters, groups of them with options of their own, or parameters with their names
   *   (`model.namedParameters()`), which the groups then keep as `paramNames`.
   * @param defaults - a value for every option that a group can have.
   * @throws ArgumentError when an argument is missing or of the wrong kind, or a group has an unknown option; ValueError when
   *   there are no parameters, one is no tensor, no leaf or given twice, or an option is out of range.
   */
  constructor(params: Params<O>, defaults: O) {
    bind(OPTIMIZER, [params, defaults]);
    this.defaults = defaults;
    for (const group of readGroups(params)) this.addParamGroup(group as never);
  }

  /**
   * Updates every parameter that has a gradient.
   *
   * @param closure - computes the loss and its gradients anew; called first, with gradients recorded.
   * @returns what the closure returned.
   */
  abstract step<T = undefined>(closure?: () => T): T | undefined;

  /**
   * Refuses options of a group that are out of range.
   *
   * @throws ValueError
   */
  protected checkOptions(_options: O): void {}

  /**
   * Refuses a loaded state that does not belong to a parameter.
   *
   * @throws ValueError, ShapeError
   */
  protected checkState(_param: Tensor, _state: ParamState, _name: string): void {}

  /**
   * Adds parameters with options of their own.
   *
   * @throws ArgumentError when it is no object, or an option is missing or unknown; ValueError when a parameter is no leaf or here already, only some
   *   groups have names, or an option is out of range.
   */
  addParamGroup(...args: Args<typeof ADD_PARAM_GROUP, { readonly paramGroup: GroupInit<O> }>): void {
    const { paramGroup: group } = bind<typeof ADD_PARAM_GROUP, { readonly paramGroup: GroupInit<O> }>(
      ADD_PARAM_GROUP,
      args,
    );
    const taken = new Set(this.paramGroups.flatMap(({ params }) => params));
    const { params, paramNames } = readParams(group, taken);
    checkOptionNames(this.constructor.name, group, Object.keys(this.defaults));
    const options = Object.entries(group).filter(([, value]) => value !== undefined);
    const added = { ...this.defaults, ...Object.fromEntries(options), params } as ParamGroup<O>;
    if (paramNames !== undefined) added.paramNames = paramNames;
    this.#checkGroup(added);
    const [first] = this.paramGroups;
    if (first !== undefined && (first.paramNames === undefined) !== (paramNames === undefined)) {
      throw new ValueError("all groups of parameters have names for them, or none has");
    }
    this.paramGroups.push(added);
  }

  #checkGroup(group: ParamGroup<O>): void {
    const missing = this.#missing(group);
    if (missing.length > 0) {
      throw new ArgumentError(
        `${this.constructor.name}: ${missing.join(", ")} is missing: give it, as in { ${missing[0]}: 0.1 }, or give it to every group`,
      );
    }
    this.checkOptions(group);
  }

  #missing(group: ParamGroup<O>): string[] {
    return Object.keys(this.defaults).filter((key) => group[key as keyof O] === undefined);
  }

  /** Drops the gradients of all parameters, or writes zeros over them. */
  zeroGrad(...args: Args<typeof ZERO_GRAD>): void {
    const setToNone = args.length === 0 || bind(ZERO_GRAD, args).setToNone;
    for (const { params } of this.paramGroups) {
      for (let i = 0; i < params.length; i++) {
        const param = params[i];
        if (setToNone) {
          param.grad = null;
          continue;
        }
        const { grad } = param;
        if (grad !== null) {
          // A gradient that was itself recorded must not drag its history along.
          const plain = grad.recorder === null ? grad : grad.detach();
          plain.zero_();
          if (plain !== grad) param.grad = plain;
        }
      }
    }
  }

  /** Switches that only later releases of PyTorch have: texts and state dicts without them mean that they are off. */
  protected laterOptions(): readonly string[] {
    return [];
  }

  /** The groups as they are written. */
  #written(): ParamGroup<O>[] {
    const later = this.laterOptions();
    if (later.length === 0) return this.paramGroups;
    const isWritten = ([key, value]: [string, unknown]): boolean => value !== false || !later.includes(key);
    return this.paramGroups.map(
      (group) => Object.fromEntries(Object.entries(group).filter(isWritten)) as ParamGroup<O>,
    );
  }

  /** The numbers in the state by name, and how PyTorch writes each of them. */
  protected numbers(): StateNumbers {
    return {};
  }

  /**
   * The state and the groups' options under PyTorch's keys, with parameters as numbers in the order they were given:
   * `{ state: { 0: { momentum_buffer } }, param_groups: [{ lr, weight_decay, ..., params: [0, 1] }] }`. It is a copy: later steps
   * do not change it.
   *
   * @example
   * ```ts
   * import { optim, tensor } from "flambeau";
   *
   * const w = tensor([1, 2], { requiresGrad: true });
   * const { param_groups } = new optim.SGD([w], 0.1).stateDict();
   * console.log(Object.keys(param_groups[0]).join());
   * // lr,momentum,dampening,weight_decay,nesterov,maximize,params
   * ```
   */
  stateDict(): OptimizerStateDict {
    return packState(this.#written(), this.state, this.numbers());
  }

  /**
   * Takes a copy of a state that `stateDict` here or PyTorch's `state_dict` gave, with its tensors converted to the parameters'
   * dtypes and devices. Counts may be numbers or tensors of one element. What chooses among PyTorch's implementations
   * (`foreach`, `fused`, `capturable`, `differentiable`) is left out.
   *
   * @throws ValueError when it has other groups, parameters or options, or a key is not written as in PyTorch; ShapeError when a tensor has another shape.
   *   Nothing has changed then.
   */
  loadStateDict(...args: Args<typeof LOAD_STATE_DICT, { readonly stateDict: OptimizerStateDict }>): void {
    const { stateDict } = bind<typeof LOAD_STATE_DICT, { readonly stateDict: OptimizerStateDict }>(
      LOAD_STATE_DICT,
      args,
    );
    const loaded = loadedState(stateDict, this.paramGroups, this.numbers());
    for (const [i, group] of loaded.groups.entries()) {
      for (const key of this.laterOptions()) group[key as keyof O] ??= false as ParamGroup<O>[keyof O];
      const missing = this.#missing(group).map(keyOf);
      if (missing.length > 0)
        throw new ValueError(`group ${i} of the state dict has no ${missing.join(", ")}`);
      this.checkOptions(group);
    }
    for (const { param, state, name } of loaded.states) this.checkState(param, state, name);
    this.paramGroups.splice(0, this.paramGroups.length, ...loaded.groups);
    this.state.clear();
    for (const { param, state } of loaded.states) this.state.set(param, state);
  }

  /**
   * Brings the state to the CPU, from a device that has to be waited for: `await model.cpu()`, then `await
   * optimizer.cpu()`. On the way to a device the state follows its parameters by itself.
   */
  async cpu(): Promise<this> {
    const moves = [...this.state.values()].flatMap((state) =>
      Object.entries(state).map(async ([key, value]) => ({
        state,
        key,
        value: await onCpu(value),
      })),
    );
    for (const { state, key, value } of await Promise.all(moves)) state[key] = value;
    return this;
  }

  /** PyTorch's text: the groups with their options in alphabetical order. */
  toString(): string {
    return describeGroups(this.constructor.name, this.#written());
  }
}

async function onCpu(value: StateEntry): Promise<StateEntry> {
  if (Array.isArray(value)) return Promise.all(value.map((x) => x?.cpu() ?? null));
  return value instanceof Tensor ? value.cpu() : value;
}
showAs(Optimizer.prototype);
refuseSnakeCase(Optimizer.prototype, "Optimizer");
markClass(Optimizer.prototype, "Optimizer", COPY);
