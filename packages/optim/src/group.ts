import { ValueError } from "@flambeau/backend";
import { describeValue, isForeign, Tensor, unknownOption } from "@flambeau/tensor";

/** What every group of parameters has besides them. */
export interface GroupOptions {
  /** The learning rate. */
  lr: number;
}

/** What a group can have besides its parameters and options. */
interface GroupLabels {
  /** The learning rate that a scheduler started from. */
  initialLr?: number;
  /** The largest learning rate of `OneCycleLR`. */
  maxLr?: number;
  /** The last learning rate of `OneCycleLR`. */
  minLr?: number;
  /** The largest momentum of `OneCycleLR`. */
  maxMomentum?: number;
  /** The smallest momentum of `OneCycleLR`. */
  baseMomentum?: number;
  /** The learning rate that `SWALR` ends at. */
  swaLr?: number;
  /** The names of the parameters, where they were given with names. */
  paramNames?: string[];
  /** A name for the group, which nothing here reads. */
  name?: string;
}

/** Parameters that are updated alike. Its options may be changed between steps, as learning-rate schedulers do. */
export type ParamGroup<O extends GroupOptions = GroupOptions> = O &
  GroupLabels & {
    /** The parameters. */
    params: Tensor[];
  };

/** A parameter with its name, as `model.namedParameters()` lists them. */
export type NamedParam = readonly [name: string, param: Tensor];

/** A group as one gives it: what it leaves out comes from the optimizer's options. */
export type GroupInit<O extends GroupOptions = GroupOptions> = Partial<O> &
  GroupLabels & {
    /** The parameters, with or without names, or the only one. */
    readonly params: Iterable<Tensor> | Iterable<NamedParam> | Tensor;
  };

/** What an optimizer takes first: parameters, parameters with their names, or groups of them. */
export type Params<O extends GroupOptions = GroupOptions> =
  | Iterable<Tensor>
  | Iterable<NamedParam>
  | Iterable<GroupInit<O>>;

/** What an optimizer's constructor takes: the parameters, and the options of groups that do not give their own. */
export type Arguments<O extends GroupOptions> = O & {
  /** Parameters, groups of them with options of their own, or parameters with their names. */
  readonly params: Params<O>;
};

/** Keys of a group that are no options of the optimizer. */
const LABELS: readonly string[] = [
  ...["params", "initialLr", "paramNames", "name"],
  ...["maxLr", "minLr", "maxMomentum", "baseMomentum", "swaLr"],
];

/**
 * Refuses an option that is none: it would be dropped, and what was meant would not happen.
 *
 * @throws ArgumentError that names the one that was probably meant.
 */
export function checkOptionNames(optimizer: string, group: object, options: readonly string[]): void {
  const names = [...options, ...LABELS];
  for (const key of Object.keys(group))
    if (!names.includes(key)) throw unknownOption(`a group of ${optimizer}`, names, key);
}

/**
 * The groups among what a user gave as parameters: as in PyTorch, the first entry decides which of the two it is.
 *
 * @throws ValueError when there are none, or it is no collection.
 */
export function readGroups<O extends GroupOptions>(params: Params<O>): GroupInit<O>[] {
  if (params instanceof Tensor) {
    throw new ValueError(
      "an optimizer takes a collection of parameters; put the one tensor into an array: [x]",
    );
  }
  const list = listOf(
    params,
    "an optimizer takes a collection of parameters, as model.parameters() or [w, b]",
  );
  if (list.length === 0) {
    throw new ValueError(
      "an optimizer got an empty list of parameters (a module finds those of modules in its fields; modules in an array go into a ModuleList)",
    );
  }
  if (!isGroup(list[0])) return [{ params: list } as unknown as GroupInit<O>];
  return list as GroupInit<O>[];
}

/** The parameters of a group, and their names where they have any. */
export interface ReadParams {
  readonly params: Tensor[];
  readonly paramNames: string[] | undefined;
}

/**
 * The parameters of a group, checked against those that the optimizer has already.
 *
 * @throws ValueError when the group has none, one is no tensor, no leaf, an expanded tensor, or there twice, or only some
 *   have names.
 */
export function readParams(group: GroupInit, taken: ReadonlySet<Tensor>): ReadParams {
  const list = entriesOf(group);
  const params = list.map((entry, i) =>
    tensorOf(
      isNamed(entry) ? entry[1] : entry,
      `an optimizer updates tensors; parameter ${i} of the group is`,
    ),
  );
  const seen = new Set<Tensor>();
  params.forEach((param, i) => {
    const name = `parameter ${i} of the group`;
    if (!param.isLeaf) {
      throw new ValueError(
        `${name} is no leaf: it is the result of ${param.gradFn?.name ?? "an op"}, and updating it would not change what it was computed from`,
      );
    }
    if (param.shape.some((size, dim) => size > 1 && param.strides[dim] === 0)) {
      throw new ValueError(`${name} is an expanded tensor, whose elements share memory; clone() it first`);
    }
    if (seen.has(param)) throw new ValueError(`${name} is in the group twice`);
    if (taken.has(param)) throw new ValueError(`${name} is in another group already`);
    seen.add(param);
  });
  const names = list.filter(isNamed).map(([name]) => name);
  const paramNames = names.length > 0 ? names : group.paramNames?.slice();
  if (paramNames !== undefined && paramNames.length !== params.length) {
    throw new ValueError(
      `a group has a name for every parameter or for none; got ${params.length} parameters and ${paramNames.length} names`,
    );
  }
  return { params, paramNames };
}

/** What stands for the parameters in a group. */
function entriesOf(group: GroupInit): unknown[] {
  if (!isGroup(group)) {
    throw new ValueError(
      `a group of parameters is an object, as { params: model.parameters(), lr: 0.1 }; got ${describe(group)}`,
    );
  }
  const { params } = group;
  if (params === undefined || params === null) {
    throw new ValueError(
      `a group of parameters has no params: write { params: model.parameters() }; its keys are ${Object.keys(group).join(", ") || "none"}`,
    );
  }
  if (params instanceof Tensor) return [params];
  return listOf(params, "params of a group is a collection of parameters, as model.parameters() or [w, b]");
}

/** @throws ValueError of what was expected and what was given when it is no tensor. */
export function tensorOf(entry: unknown, expected: string): Tensor {
  if (entry instanceof Tensor) return entry;
  throw new ValueError(`${expected} ${describe(entry)}`);
}

/** @throws ValueError of what was expected and what was given when it is no collection. */
export function listOf(given: unknown, expected: string): unknown[] {
  if (!isIterable(given) || typeof given === "string") {
    throw new ValueError(`${expected}; got ${describe(given)}`);
  }
  return [...given];
}

/** What was given in a parameter's place, and what to write instead. */
function describe(x: unknown): string {
  if (isNamed(x)) return "a parameter with its name (write model.parameters())";
  if (Array.isArray(x))
    return "an array (join several lists into one, as in [...a.parameters(), ...b.parameters()]; an optimizer also takes groups, as in [{ params: a.parameters() }, { params: b.parameters() }])";
  if (hasParameters(x)) return "a module (write model.parameters())";
  if (isGroup(x) && "params" in x) return "a group (all entries are parameters, or all are groups)";
  return describeValue(x);
}

function isIterable(x: unknown): x is Iterable<unknown> {
  return typeof (x as Iterable<unknown> | null | undefined)?.[Symbol.iterator] === "function";
}

function isNamed(entry: unknown): entry is NamedParam {
  return Array.isArray(entry) && entry.length === 2 && typeof entry[0] === "string";
}

/** Modules are recognised by their method: this package does not import their class. */
function hasParameters(x: unknown): boolean {
  return typeof (x as { parameters?: unknown } | null | undefined)?.parameters === "function";
}

function isGroup(x: unknown): x is object {
  const isObject = typeof x === "object" && x !== null && !Array.isArray(x) && !(x instanceof Tensor);
  return isObject && !hasParameters(x) && !isForeign(x);
}
