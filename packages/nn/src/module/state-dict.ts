import { noGrad } from "@flambeau/autograd";
import { FlambeauError, formatShape, quote, type Shape, sameShape } from "@flambeau/backend";
import { describeValue, Tensor } from "@flambeau/tensor";
import { Buffer } from "../parameter.ts";
import { nameOf } from "./location.ts";
import { allPaths, dotted, inSnakeCase, keyOf, type Named, ownBuffers, ownParameters } from "./members.ts";
import type { Module } from "./module.ts";

/**
 * A module's parameters and persistent buffers by their dotted paths: `{ "linear.weight": tensor(...) }`. Entries of the
 * library's modules have PyTorch's names: `running_mean`.
 */
export type StateDict = Record<string, Tensor>;

/** A tensor whose shape is not that of the module's. */
export interface Mismatch {
  /** The dotted path. */
  readonly key: string;
  /** The shape given. */
  readonly given: Shape;
  /** The shape the module has. */
  readonly expected: Shape;
}

/** Options of `stateDict`. */
export interface StateDictOptions {
  /** What stands before every key. Default "". */
  readonly prefix?: string;
  /** Write fields in camelCase as Python does: `inputLayer` as `input_layer`. Default false. */
  readonly snakeCase?: boolean;
}

/** Options of `loadStateDict`. */
export interface LoadOptions {
  /** Refuse missing and unexpected keys. Default true. Shapes have to match anyway. */
  readonly strict?: boolean;
}

/** What `loadStateDict` left aside when it is not strict. */
export interface LoadResult {
  /** Keys the module has and the dict has not. */
  readonly missingKeys: string[];
  /** Keys the dict has and the module has not. */
  readonly unexpectedKeys: string[];
}

/**
 * A state dict that does not fit the module; the module is as it was.
 *
 * @example
 * ```ts
 * import { nn, ones } from "flambeau";
 *
 * try {
 *   new nn.Linear(2, 1).loadStateDict({ weight: ones([1, 3]) });
 * } catch (error) {
 *   if (error instanceof nn.StateDictError) console.log(error.missing, error.mismatched);
 *   // [ 'bias' ] [ { key: 'weight', given: [ 1, 3 ], expected: [ 1, 2 ] } ]
 * }
 * ```
 */
export class StateDictError extends FlambeauError {
  override name: string = "StateDictError";
  /** Keys the module has and the dict has not. */
  readonly missing: readonly string[];
  /** Keys the dict has and the module has not. */
  readonly unexpected: readonly string[];
  /** Tensors of another shape. */
  readonly mismatched: readonly Mismatch[];

  constructor(
    message: string,
    missing: readonly string[],
    unexpected: readonly string[],
    mismatched: readonly Mismatch[],
  ) {
    super(message);
    this.missing = missing;
    this.unexpected = unexpected;
    this.mismatched = mismatched;
  }
}

/** The key of a module's own state beside its tensors, as in PyTorch. */
const EXTRA = "_extra_state";

/** Every parameter and persistent buffer under each of its paths: shared ones appear as often as they are held. */
function state(module: Module, prefix: string): Named<Tensor>[] {
  const entries: Named<Tensor>[] = [];
  for (const [path, part] of allPaths(module, prefix)) {
    for (const [name, member] of [...ownParameters(part), ...ownBuffers(part)]) {
      if (!(member instanceof Buffer) || member.persistent)
        entries.push([dotted(path, keyOf(part, name)), member]);
    }
  }
  return entries;
}

/** A key of Python's as it is written here: `input_layer.weight` as `inputLayer.weight`. */
export function inCamelCase(key: string): string {
  return key.replace(/_+([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * A dict by the keys of the module: one that the module has not stands for that of its own which is written the same in
 * camelCase, if there is just one, and the dict has not got that.
 */
function withOwnKeys(dict: StateDict, own: readonly string[]): StateDict {
  if (own.every((key) => Object.hasOwn(dict, key))) return dict;
  const free = own.filter((key) => !Object.hasOwn(dict, key));
  const entries = Object.entries(dict).map(([key, value]) => {
    if (own.includes(key)) return [key, value] as const;
    const [only, ...others] = free.filter((name) => inCamelCase(name) === inCamelCase(key));
    return [only !== undefined && others.length === 0 ? only : key, value] as const;
  });
  // Two keys of the dict for one of the module's are one too many: both are named as unexpected.
  return new Set(entries.map(([key]) => key)).size === entries.length ? Object.fromEntries(entries) : dict;
}

/** See `Module.stateDict`. */
export function saveState(module: Module, { prefix = "", snakeCase = false }: StateDictOptions): StateDict {
  const written = snakeCase ? inSnakeCase : (key: string): string => key;
  const entries: Named<unknown>[] = state(module, prefix).map(([key, x]) => [written(key), x.detach()]);
  for (const [path, part] of allPaths(module, prefix))
    if (part.getExtraState !== undefined) entries.push([written(dotted(path, EXTRA)), part.getExtraState()]);
  return Object.fromEntries(entries) as StateDict;
}

/** See `Module.loadStateDict`. */
export function loadState(module: Module, given: StateDict, strict: boolean): LoadResult {
  const entries = state(module, "");
  const extras = allPaths(module, "").flatMap(([path, part]): Named<Module>[] =>
    part.setExtraState === undefined ? [] : [[dotted(path, EXTRA), part]],
  );
  const dict = withOwnKeys(
    given,
    entries.map(([key]) => key),
  );
  const keys = [...entries, ...extras].map(([key]) => key);
  const known = new Set(keys);
  const missing = keys.filter((key) => !Object.hasOwn(dict, key));
  const unexpected = Object.keys(dict).filter((key) => !known.has(key));
  const wrong: string[] = [];
  const mismatched: Mismatch[] = [];
  const writes: (readonly [target: Tensor, source: Tensor])[] = [];
  for (const [key, target] of entries) {
    if (!Object.hasOwn(dict, key)) continue;
    const source: unknown = dict[key];
    if (!(source instanceof Tensor)) wrong.push(`${quote(key)} is no tensor but ${describeValue(source)}`);
    else if (sameShape(source.shape, target.shape)) writes.push([target, source]);
    else mismatched.push({ key, given: source.shape, expected: target.shape });
  }
  const problems: string[] = [];
  if (strict && missing.length > 0) problems.push(`missing keys: ${quoted(missing)}`);
  if (strict && unexpected.length > 0) problems.push(`unexpected keys: ${quoted(unexpected)}`);
  for (const { key, given, expected } of mismatched) {
    problems.push(
      `${quote(key)} has shape ${formatShape(given)} and the module's has ${formatShape(expected)}`,
    );
  }
  problems.push(...wrong);
  if (problems.length > 0) {
    const lines = problems.map((problem) => `\n  ${problem}`).join("");
    const what = `the state dict does not fit the ${nameOf(module)}:${lines}`;
    throw new StateDictError(what, strict ? missing : [], strict ? unexpected : [], mismatched);
  }
  noGrad(() => {
    // What can fail (a disposed source, another device) fails before the first write.
    const ready = writes.map(([target, source]) => {
      source.checkUsable("loadStateDict");
      return [target, source.detach().to(target.device)] as const;
    });
    for (const [target, source] of ready) target.copy_(source);
  });
  for (const [key, part] of extras)
    if (Object.hasOwn(dict, key)) part.setExtraState?.((dict as Readonly<Record<string, unknown>>)[key]);
  return { missingKeys: missing, unexpectedKeys: unexpected };
}

function quoted(keys: readonly string[]): string {
  return keys.map(quote).join(", ");
}
