import { ValueError } from "@flambeau/backend";
import { describeValue, Tensor, tensor } from "@flambeau/tensor";
import type { GroupOptions, ParamGroup } from "./group.ts";
import { checkKeys, keyOf, nameOf, renamed } from "./state-names.ts";

/** An entry of a parameter's state. Null is what PyTorch writes for a buffer that is not there yet. */
export type StateEntry = Tensor | number | null | (Tensor | null)[];

/** The state of an optimizer for one parameter. */
export type ParamState = Record<string, StateEntry>;

/** An optimizer's state in PyTorch's structure, under PyTorch's keys. */
export interface OptimizerStateDict {
  /** By the number of the parameter. */
  readonly state: Readonly<Record<number, Readonly<Record<string, StateEntry>>>>;
  /** Each group's options, and the numbers of its parameters. */
  readonly param_groups: readonly (Readonly<Record<string, unknown>> & {
    /** The numbers of its parameters. */
    readonly params: readonly number[];
  })[];
}

/** Numbers in a parameter's state by name, and whether a state dict has them as 0-d tensors. They are read either way. */
export type StateNumbers = Readonly<Record<string, "tensor" | "number">>;

/** What chooses among PyTorch's implementations; there is one here. */
const IMPLEMENTATION: readonly string[] = ["foreach", "fused", "capturable", "differentiable"];

/** The state dict of groups and their parameters' states. */
export function packState<O extends GroupOptions>(
  groups: readonly ParamGroup<O>[],
  state: ReadonlyMap<Tensor, ParamState>,
  numbers: StateNumbers,
): OptimizerStateDict {
  const packed: Record<number, ParamState> = {};
  let count = 0;
  const param_groups = groups.map((group) => {
    const params = group.params.map((param) => {
      const known = state.get(param);
      if (known !== undefined) packed[count] = snapshot(known, numbers);
      return count++;
    });
    return { ...renamed(copyOptions(group), keyOf), params };
  });
  return { state: packed, param_groups };
}

/** The state as it is now. A step writes to its tensors in place and to its numbers anew, so both are copied, or they part. */
function snapshot(known: ParamState, numbers: StateNumbers): ParamState {
  const copied = Object.entries(known).map(([name, value]) => {
    if (value instanceof Tensor) return [keyOf(name), value.detach().clone()];
    if (Array.isArray(value)) return [keyOf(name), value.map((x) => x?.detach().clone() ?? null)];
    return [keyOf(name), typeof value === "number" && numbers[name] === "tensor" ? scalar(value) : value];
  });
  return Object.fromEntries(copied);
}

/** PyTorch's numbers lie on the CPU, wherever the parameters are. */
function scalar(value: number): Tensor {
  return tensor(value, { dtype: "float32", device: "cpu" });
}

/** A state dict, resolved: the groups with their parameters, and the state of each. */
export interface LoadedState<O extends GroupOptions> {
  readonly groups: ParamGroup<O>[];
  readonly states: { readonly param: Tensor; readonly state: ParamState; readonly name: string }[];
}

/**
 * The groups and states that a state dict holds for the parameters of `groups`; everything is copied.
 *
 * @throws ValueError when groups or parameters are missing or more, or a key is not written as PyTorch writes it.
 */
export function loadedState<O extends GroupOptions>(
  dict: OptimizerStateDict,
  groups: readonly ParamGroup<O>[],
  numbers: StateNumbers,
): LoadedState<O> {
  if (isRecord(dict)) checkKeys("the state dict", dict);
  if (!isRecord(dict) || !Array.isArray(dict.param_groups) || !isRecord(dict.state)) {
    throw new ValueError(
      "an optimizer's state dict is an object { state, param_groups }, as stateDict() gives it",
    );
  }
  if (dict.param_groups.length !== groups.length) {
    throw new ValueError(
      `the state dict has ${dict.param_groups.length} groups of parameters, the optimizer ${groups.length}`,
    );
  }
  const byNumber = new Map<number, Tensor>();
  const loaded = dict.param_groups.map((saved, i) => {
    checkKeys(`group ${i} of the state dict`, saved);
    const { params } = groups[i];
    if (!Array.isArray(saved.params) || saved.params.length !== params.length) {
      throw new ValueError(
        `group ${i} of the state dict has ${saved.params?.length ?? "no"} parameters, that of the optimizer ${params.length}`,
      );
    }
    saved.params.forEach((number: number, k: number) => {
      byNumber.set(number, params[k]);
    });
    const options = Object.entries(copyOptions(saved)).filter(([key]) => !IMPLEMENTATION.includes(key));
    const group = { ...renamed(Object.fromEntries(options), nameOf), params } as unknown as ParamGroup<O>;
    const { paramNames } = groups[i];
    if (paramNames !== undefined) group.paramNames ??= paramNames.slice();
    return group;
  });
  const states = Object.entries(dict.state).map(([number, saved]) => {
    const param = byNumber.get(Number(number));
    const name = `state ${number} of the state dict`;
    if (param === undefined) throw new ValueError(`${name} belongs to no parameter of its groups`);
    checkKeys(name, saved);
    return { param, state: copyState(saved, param, numbers, name), name };
  });
  return { groups: loaded, states };
}

function copyState(
  saved: Readonly<Record<string, unknown>>,
  param: Tensor,
  numbers: StateNumbers,
  name: string,
): ParamState {
  const state: ParamState = {};
  const { dtype, device } = param;
  const moved = (x: Tensor): Tensor => x.detach().to({ dtype, device, copy: true });
  for (const [key, value] of Object.entries(saved)) {
    if (value instanceof Tensor && nameOf(key) in numbers && value.numel() === 1) {
      state[nameOf(key)] = value.itemSync();
    } else if (value instanceof Tensor) {
      state[nameOf(key)] = moved(value);
    } else if (Array.isArray(value) && value.every((x) => x instanceof Tensor || x === null)) {
      state[nameOf(key)] = value.map((x) => (x === null ? null : moved(x)));
    } else if (typeof value === "number" || value === null) {
      state[nameOf(key)] = value;
    } else {
      throw new ValueError(
        `${name}: ${key} is ${describeValue(value)}; expected a tensor, a number or a list of tensors`,
      );
    }
  }
  return state;
}

function copyOptions(group: object): Record<string, unknown> {
  const entries = Object.entries(group).filter(([key]) => key !== "params");
  return Object.fromEntries(
    entries.map(([key, value]) => [key, Array.isArray(value) ? value.slice() : value]),
  );
}

function isRecord(x: unknown): x is Record<string, unknown> {
  return typeof x === "object" && x !== null;
}
