import { ArgumentError, isThenable, quote, ValueError } from "@flambeau/backend";
import { type Args, bind, describeValue, Tensor } from "@flambeau/tensor";
import { nameOf } from "../module/location.ts";
import { allPaths, dotted, keyOf, ownBuffers, ownParameters } from "../module/members.ts";
import type { Module } from "../module/module.ts";
import { inCamelCase } from "../module/state-dict.ts";
import { fieldsOf } from "./tensor-field.ts";

/** Tensors by the dotted paths of a module's parameters and buffers. */
export type TensorsByName = Readonly<Record<string, Tensor>>;

interface Types<M extends Module = Module> {
  /** The module. */
  readonly module: M;
  /** Tensors by the names of the parameters and buffers that they stand in for, or an array of such objects. */
  readonly parametersAndBuffers: TensorsByName | readonly TensorsByName[];
  /** The arguments of the call, or the only one. */
  readonly args: Parameters<M["forward"]>[0] | Readonly<Parameters<M["forward"]>>;
}

const SIGNATURE =
  "functionalCall(module: module, parametersAndBuffers: object|array, args: any, *, tieWeights: bool = true, strict: bool = false)";

/** A field of a module, or of one below it, that holds a parameter or buffer. */
interface Place {
  readonly part: Module;
  readonly field: string;
  readonly tensor: Tensor;
}

/**
 * Calls a module with other tensors in place of its parameters and buffers; those that are not named stay. The result has a gradient with
 * respect to the tensors: `torch.func.functional_call`. The module is itself again when the call is over, and whatever happens in it. Where
 * `forward` returns a promise, that is when it settles: until then the module has the given tensors for everyone who calls it, and further
 * functional calls of it are refused.
 *
 * Names are those of `namedParameters()` and `namedBuffers()`, or the keys of `stateDict()`: "0.weight", "1.running_mean". A tensor that is
 * there under several names is replaced under all of them, unless `tieWeights` is false. Buffers that the call writes to are the given ones.
 *
 * @returns what the module returns.
 * @throws ArgumentError when a name is unknown or given twice, something is no tensor, or, with `strict`, one is missing; ValueError when
 *   two names of one tensor are given different tensors, or a functional call of the module has not settled yet. Nothing has been called then.
 *
 * @example
 * ```ts
 * import { grad, nn, ones, tensor } from "flambeau";
 *
 * const model = new nn.Sequential(new nn.Linear(2, 1));
 * const weight = tensor([[3, 4]], { requiresGrad: true });
 * const y = nn.utils.functionalCall(model, { "0.weight": weight, "0.bias": tensor([1]) }, ones([1, 2]));
 * console.log(y.itemSync(), String(grad(y.sum(), weight)[0]));
 * // 8 tensor([[1., 1.]])
 * ```
 */
export function functionalCall<M extends Module>(
  ...args: Args<typeof SIGNATURE, Types<M>>
): ReturnType<M["forward"]> {
  const bound = bind<typeof SIGNATURE, Types<M>>(SIGNATURE, args);
  if (bound.module.modules().some((part) => pending.has(part)))
    throw new ValueError(
      `functionalCall: ${nameOf(bound.module)} has the tensors of another functional call, whose promise has not settled; await it first`,
    );
  const swaps = swapsOf(bound.module, merged(bound.parametersAndBuffers), bound.tieWeights, bound.strict);
  const given: readonly unknown[] = Array.isArray(bound.args) ? bound.args : [bound.args];
  const restore = (): void => {
    for (const [{ part, field, tensor }] of swaps) {
      fieldsOf(part)[field] = tensor;
      pending.delete(part);
    }
  };
  let result: unknown;
  try {
    for (const [{ part, field }, tensor] of swaps) fieldsOf(part)[field] = tensor;
    result = (bound.module as unknown as (...all: readonly unknown[]) => unknown)(...given);
  } catch (error) {
    restore();
    throw error;
  }
  if (isThenable(result)) {
    for (const [{ part }] of swaps) pending.add(part);
    return Promise.resolve(result).finally(restore) as ReturnType<M["forward"]>;
  }
  restore();
  return result as ReturnType<M["forward"]>;
}

/** The modules that have the tensors of a call which goes on. */
const pending = new WeakSet<Module>();

function merged(dicts: TensorsByName | readonly TensorsByName[]): TensorsByName {
  const list = (Array.isArray(dicts) ? dicts : [dicts]) as readonly TensorsByName[];
  const names = list.flatMap((dict) => Object.keys(dict));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new ArgumentError(`functionalCall: ${quote(twice)} is given twice`);
  return Object.assign({}, ...list);
}

/** Which fields get which tensors. */
function swapsOf(
  module: Module,
  given: TensorsByName,
  tieWeights: boolean,
  strict: boolean,
): [Place, Tensor][] {
  const places = new Map<string, Place>();
  for (const [path, part] of allPaths(module, "")) {
    for (const [field, tensor] of [...ownParameters(part), ...ownBuffers(part)])
      places.set(dotted(path, keyOf(part, field)), { part, field, tensor });
  }
  const keys = new Map([...places.keys()].map((key) => [inCamelCase(key), key]));
  const swaps = new Map<Place, Tensor>();
  const byTensor = new Map<Tensor, Tensor>();
  for (const [name, tensor] of Object.entries(given)) {
    if (!(tensor instanceof Tensor))
      throw new ArgumentError(`functionalCall: ${quote(name)} is a tensor; got ${describeValue(tensor)}`);
    const place = places.get(name) ?? places.get(keys.get(name) ?? "");
    if (place === undefined)
      throw new ArgumentError(`functionalCall: ${nameOf(module)} has no parameter or buffer ${quote(name)}`);
    if (tieWeights && (byTensor.get(place.tensor) ?? tensor) !== tensor)
      throw new ValueError(
        `functionalCall: ${quote(name)} is the same tensor under another name that is given, too, and gets another one`,
      );
    byTensor.set(place.tensor, tensor);
    swaps.set(place, tensor);
  }
  if (tieWeights) {
    for (const place of places.values()) {
      const tensor = byTensor.get(place.tensor);
      if (tensor !== undefined) swaps.set(place, tensor);
    }
  }
  const missing = strict ? [...places].find(([, place]) => !swaps.has(place)) : undefined;
  if (missing !== undefined) throw new ArgumentError(`functionalCall: ${quote(missing[0])} is missing`);
  return [...swaps];
}
