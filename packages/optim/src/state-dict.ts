import { ValueError } from "@flambeau/backend";
import { describeValue, Tensor } from "@flambeau/tensor";
import type { GroupOptions, ParamGroup } from "./group.ts";

/** What an optimizer remembers of one parameter. */
export type ParamState = Record<string, Tensor | number>;

/** An optimizer's state in PyTorch's structure, its names in camelCase. */
export interface OptimizerStateDict {
  /** By the number of the parameter. */
  readonly state: Readonly<Record<number, Readonly<Record<string, Tensor | number | null>>>>;
  /** Each group's options, and the numbers of its parameters. */
  readonly paramGroups: readonly (Readonly<Record<string, unknown>> & {
    /** The numbers of its parameters. */
    readonly params: readonly number[];
  })[];
}

/** The state dict of groups and their parameters' states. */
export function packState<O extends GroupOptions>(
  groups: readonly ParamGroup<O>[],
  state: ReadonlyMap<Tensor, ParamState>,
): OptimizerStateDict {
  const packed: Record<number, ParamState> = {};
  let count = 0;
  const paramGroups = groups.map((group) => {
    const params = group.params.map((param) => {
      const known = state.get(param);
      if (known !== undefined) packed[count] = snapshot(known);
      return count++;
    });
    return { ...copyOptions(group), params };
  });
  return { state: packed, paramGroups };
}

/** The state as it is now. A step writes to its tensors in place and to its numbers anew, so both are copied, or they part. */
function snapshot(known: ParamState): ParamState {
  const entries = Object.entries(known);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, value instanceof Tensor ? value.detach().clone() : value]),
  );
}

/** A state dict, resolved: the groups with their parameters, and the state of each. */
export interface LoadedState<O extends GroupOptions> {
  readonly groups: ParamGroup<O>[];
  readonly states: { readonly param: Tensor; readonly state: ParamState; readonly name: string }[];
}

/**
 * The groups and states that a state dict holds for the parameters of `groups`; everything is copied.
 *
 * @throws ValueError when groups or parameters are missing or more.
 */
export function loadedState<O extends GroupOptions>(
  dict: OptimizerStateDict,
  groups: readonly ParamGroup<O>[],
): LoadedState<O> {
  if (
    dict === null ||
    typeof dict !== "object" ||
    !Array.isArray(dict.paramGroups) ||
    !isRecord(dict.state)
  ) {
    throw new ValueError(
      "an optimizer's state dict is an object { state, paramGroups }, as stateDict() gives it",
    );
  }
  if (dict.paramGroups.length !== groups.length) {
    throw new ValueError(
      `the state dict has ${dict.paramGroups.length} groups of parameters, the optimizer ${groups.length}`,
    );
  }
  const byNumber = new Map<number, Tensor>();
  const loaded = dict.paramGroups.map((saved, i) => {
    const { params } = groups[i];
    if (!Array.isArray(saved.params) || saved.params.length !== params.length) {
      throw new ValueError(
        `group ${i} of the state dict has ${saved.params?.length ?? "no"} parameters, that of the optimizer ${params.length}`,
      );
    }
    saved.params.forEach((number: number, k: number) => {
      byNumber.set(number, params[k]);
    });
    const group = { ...copyOptions(saved), params } as unknown as ParamGroup<O>;
    const { paramNames } = groups[i];
    if (paramNames !== undefined) group.paramNames ??= paramNames.slice();
    return group;
  });
  const states = Object.entries(dict.state).map(([number, saved]) => {
    const param = byNumber.get(Number(number));
    const name = `state ${number} of the state dict`;
    if (param === undefined) throw new ValueError(`${name} belongs to no parameter of its groups`);
    return { param, state: copyState(saved, param, name), name };
  });
  return { groups: loaded, states };
}

function copyState(saved: Readonly<Record<string, unknown>>, param: Tensor, name: string): ParamState {
  const state: ParamState = {};
  for (const [key, value] of Object.entries(saved)) {
    if (value instanceof Tensor) {
      state[key] = value.detach().to({ dtype: param.dtype, device: param.device, copy: true });
    } else if (typeof value === "number") {
      state[key] = value;
    } else if (value !== null) {
      throw new ValueError(`${name}: ${key} is ${describeValue(value)}; expected a tensor or a number`);
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

function isRecord(x: unknown): boolean {
  return typeof x === "object" && x !== null;
}
