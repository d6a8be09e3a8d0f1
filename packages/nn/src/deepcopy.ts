import { AutogradError } from "@flambeau/backend";
import { Generator, Tensor } from "@flambeau/tensor";
import { Module } from "./module/module.ts";
import { Buffer, Parameter } from "./parameter.ts";

/** Copies by what they are copies of: what is shared, or holds itself, stays so. */
type Copies = Map<object, unknown>;

/**
 * A copy that shares nothing with the original: Python's `copy.deepcopy` of a module, a state dict, or anything that is made of
 * modules, tensors, arrays, maps, sets and objects with fields. What is there twice is there twice in the copy; functions are not copied.
 *
 * A copied module has parameters of its own with the same values and the same `requiresGrad`, without gradients, as in PyTorch; its
 * buffers, its mode and its hooks are the same. Other tensors keep their gradient. The constructor does not run. JavaScript hides fields
 * that are named with a `#`: a class of yours that has some is not copied whole.
 *
 * @throws AutogradError when a tensor is the result of a recorded op: `detach()` it first.
 *
 * @example
 * ```ts
 * import { deepcopy, nn, ones } from "flambeau";
 *
 * const model = new nn.Linear(2, 1);
 * const best = deepcopy(model);
 * const state = deepcopy(model.stateDict());
 * nn.init.zeros_(model.weight);
 * console.log(best.weight.equal(model.weight), best.weight.equal(state.weight), best(ones([3, 2])).shape);
 * // false true [ 3, 1 ]
 * ```
 */
export function deepcopy<T>(x: T): T {
  return copyOf(x, new Map()) as T;
}

function copyOf(x: unknown, copies: Copies): unknown {
  const isModule = x instanceof Module;
  if (typeof x !== "object" && !isModule) return x;
  if (x === null) return null;
  if (!copies.has(x)) {
    // Of what holds itself, the copy has to be there before its parts.
    const [copy, fill] = begin(x, copies);
    copies.set(x, copy);
    fill?.();
  }
  return copies.get(x);
}

/** A copy, and what puts copies of the parts into it. */
function begin(x: object, copies: Copies): readonly [copy: object, fill?: () => void] {
  const part = <T>(value: T): T => copyOf(value, copies) as T;
  if (x instanceof Tensor) return [tensorCopy(x, copies)];
  if (x instanceof Map) {
    const copy = new Map();
    const fill = (): void => {
      for (const [key, value] of x) copy.set(part(key), part(value));
    };
    return [copy, fill];
  }
  if (x instanceof Set) {
    const copy = new Set();
    const fill = (): void => {
      for (const value of x) copy.add(part(value));
    };
    return [copy, fill];
  }
  if (ArrayBuffer.isView(x) && !(x instanceof DataView)) return [(x as Uint8Array).slice()];
  if (x instanceof Generator) return [new Generator().setState(x.getState())];
  if (x instanceof Date) return [new Date(x)];
  const copy: object =
    x instanceof Module ? Module.unbuilt(x) : Array.isArray(x) ? [] : Object.create(Object.getPrototypeOf(x));
  return [copy, () => copyFields(x, copy, part)];
}

function copyFields(x: object, copy: object, part: <T>(value: T) => T): void {
  for (const key of Reflect.ownKeys(x)) {
    const field = Object.getOwnPropertyDescriptor(x, key) as PropertyDescriptor;
    if ("value" in field) field.value = part(field.value);
    Object.defineProperty(copy, key, field);
  }
}

function tensorCopy(x: Tensor, copies: Copies): Tensor {
  if (!x.isLeaf)
    throw new AutogradError(
      `deepcopy: a tensor that a recorded op made (${x.gradFn}) has no copy of its own; detach() it`,
    );
  const copy = x.detach().clone();
  if (x instanceof Parameter) return new Parameter(copy, { requiresGrad: x.requiresGrad });
  if (x instanceof Buffer) return new Buffer(copy, { persistent: x.persistent });
  copy.requiresGrad_(x.requiresGrad);
  if (x.grad !== null) copy.grad = copyOf(x.grad, copies) as Tensor;
  return copy;
}
