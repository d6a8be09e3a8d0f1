import { enableGrad } from "@flambeau/autograd";
import { type DType, type MapKernel, ShapeError, type Storage } from "@flambeau/backend";
import { dispatch, fullLike, Tensor } from "@flambeau/tensor";
import { follow } from "./follow.ts";
import type { GroupOptions, ParamGroup } from "./group.ts";
import { Optimizer } from "./optimizer.ts";
import type { ParamState, StateNumbers } from "./state-dict.ts";
import { keyOf, wrongEntry } from "./state-names.ts";

/**
 * An update rule as one kernel. Its inputs are the parameter, its gradient and the state tensors in the order of
 * `names`; its outputs the new parameter and the new state tensors.
 */
export interface Update {
  readonly kernel: MapKernel;
  readonly names: readonly string[];
}

/** The operands of one parameter's update, kept from step to step. */
class Plan {
  readonly update: Update;
  readonly inputs: Tensor[];
  readonly outputs: Tensor[];
  readonly #backend: Storage["backend"];
  readonly #dtype: DType;

  constructor(update: Update, param: Tensor, state: ParamState) {
    const tensors = update.names.map((name) => state[name] as Tensor);
    this.update = update;
    this.inputs = [param, param, ...tensors];
    this.outputs = [param, ...tensors];
    this.#backend = param.storage.backend;
    this.#dtype = param.dtype;
  }

  /** Whether one kernel can run both. */
  goesWith(other: Plan): boolean {
    return this.update === other.update && this.#backend === other.#backend && this.#dtype === other.#dtype;
  }

  /** After it was run: it outlives the step and would keep the gradient's memory. */
  finish(): void {
    const [param] = this.outputs;
    this.inputs[1] = param;
    param.storage.version++;
  }

  /** Whether nobody has changed the rule, replaced a state tensor or moved the parameter. */
  fits(update: Update, param: Tensor, state: ParamState): boolean {
    if (this.update !== update) return false;
    if (this.#backend !== param.storage.backend || this.#dtype !== param.dtype) return false;
    const { names } = update;
    for (let i = 0; i < names.length; i++) if (state[names[i]] !== this.outputs[i + 1]) return false;
    return true;
  }
}

/** The base of optimizers that update each parameter with one kernel, together with its state. */
export abstract class FusedOptimizer<O extends GroupOptions> extends Optimizer<O> {
  readonly #plans: WeakMap<ParamState, Plan> = new WeakMap();
  readonly #scalars: number[] = [];
  /** Plans that wait to be run with others, and the scalars of all of them. */
  readonly #waiting: Plan[] = [];
  readonly #shared: number[] = [];

  /** The names of all state tensors that the rule can have. */
  protected abstract stateNames(): readonly string[];

  /** The rule that a group's options ask for; the same object for the same rule. */
  protected abstract updateFor(group: ParamGroup<O>): Update;

  /** Writes the kernel's scalars for one parameter's step, and counts the step where the rule does. */
  protected abstract scalars(group: ParamGroup<O>, state: ParamState, out: number[]): void;

  protected override numbers(): StateNumbers {
    return { step: "tensor" };
  }

  /** What a state tensor starts from. */
  protected startValue(_group: ParamGroup<O>, _name: string): number {
    return 0;
  }

  override step<T = undefined>(closure?: () => T): T | undefined {
    const loss = closure === undefined ? undefined : enableGrad(closure);
    try {
      for (const group of this.paramGroups) {
        const update = this.updateFor(group);
        for (let i = 0; i < group.params.length; i++) {
          const grad = group.params[i].recorder?.borrowGrad() ?? null;
          if (grad !== null) this.#run(update, group, group.params[i], grad);
        }
      }
    } finally {
      this.#runWaiting();
    }
    return loss;
  }

  #run(update: Update, group: ParamGroup<O>, param: Tensor, grad: Tensor): void {
    let state = this.state.get(param);
    if (state === undefined) {
      state = {};
      this.state.set(param, state);
    }
    let plan = this.#plans.get(state);
    const fits = plan?.fits(update, param, state) ?? false;
    // Before anything of the step is written: a state that cannot follow its parameter is an error.
    if (!fits) follow(this, param, state);
    this.scalars(group, state, this.#scalars);
    if (plan === undefined || !fits) {
      for (const name of update.names) state[name] ??= fullLike(param.detach(), this.startValue(group, name));
      plan = new Plan(update, param, state);
      this.#plans.set(state, plan);
    }
    plan.inputs[1] = grad;
    const { backend } = param.storage;
    if (backend.mapMany === undefined) {
      if (dispatch.observer === null)
        backend.map(update.kernel, param.dtype, plan.inputs, this.#scalars, plan.outputs);
      else this.#runSeen(update, plan, param.dtype);
      plan.finish();
      return;
    }
    const [last] = this.#waiting;
    const joins = last?.goesWith(plan) && this.#scalars.every((x, k) => Object.is(x, this.#shared[k]));
    if (!joins) {
      this.#runWaiting();
      for (let k = 0; k < this.#scalars.length; k++) this.#shared[k] = this.#scalars[k];
    }
    this.#waiting.push(plan);
  }

  /** Runs a plan that hooks see. */
  #runSeen(update: Update, plan: Plan, dtype: DType): void {
    const { inputs, outputs } = plan;
    dispatch.observed("write", update.kernel.name, inputs, undefined, () => {
      outputs[0].storage.backend.map(update.kernel, dtype, inputs, this.#scalars, outputs);
      return outputs;
    });
  }

  /** Runs the plans that have waited for each other. */
  #runWaiting(): void {
    const plans = this.#waiting.splice(0);
    if (plans.length === 0) return;
    const [{ update, outputs }] = plans;
    dispatch.observed(
      "write",
      update.kernel.name,
      dispatch.observer === null ? [] : plans.flatMap((plan) => plan.inputs),
      undefined,
      () => {
        outputs[0].storage.backend.mapMany?.(update.kernel, outputs[0].dtype, plans, this.#shared);
        return dispatch.observer === null ? [] : plans.flatMap((plan) => plan.outputs);
      },
    );
    for (const plan of plans) plan.finish();
  }

  protected override checkState(param: Tensor, state: ParamState, name: string): void {
    const known = this.stateNames();
    for (const [key, value] of Object.entries(state)) {
      if ((key === "step" && typeof value === "number") || value === null) continue;
      if (!known.includes(key) || !(value instanceof Tensor)) {
        throw wrongEntry(`${name}: ${keyOf(key)}`, this.constructor.name, known, key, value);
      }
      if (value.shape.join() !== param.shape.join()) {
        throw new ShapeError(
          `${name}: ${keyOf(key)} has shape [${value.shape.join(", ")}], its parameter [${param.shape.join(", ")}]`,
        );
      }
    }
  }
}

/** The state's count of steps, one more. */
export function countStep(state: ParamState): number {
  const step = ((state.step as number | undefined) ?? 0) + 1;
  state.step = step;
  return step;
}

/** Makes each of a family of rules once: `make` gets the flags that `flags` packs, one bit each. */
export function updates(make: (has: (bit: number) => boolean) => Update): (flags: number) => Update {
  const made: Update[] = [];
  return (flags) => (made[flags] ??= make((bit) => ((flags >> bit) & 1) === 1));
}

/** Truth values as bits, the first one lowest. */
export function flags(...values: boolean[]): number {
  let bits = 0;
  for (let i = 0; i < values.length; i++) if (values[i]) bits |= 1 << i;
  return bits;
}
