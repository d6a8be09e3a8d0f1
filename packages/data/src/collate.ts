import { DTypeError, ShapeError, ValueError } from "@flambeau/backend";
import { type Args, bind, describeValue, isForeign, stack, Tensor, tensor } from "@flambeau/tensor";

/** What `defaultCollate` makes of items of a type. */
export type Collated<T> = T extends Tensor | number | bigint | boolean | ArrayBufferView
  ? Tensor
  : T extends string
    ? string[]
    : T extends object
      ? { [K in keyof T]: Collated<T[K]> }
      : never;

const SIGNATURE = "defaultCollate(batch: array)";

interface Items<T> {
  /** The items of a batch. */
  readonly batch: readonly T[];
}

/**
 * Makes one batch of items of one kind: tensors (and typed arrays) are stacked; numbers, booleans and bigints become a
 * vector (float32, bool and int64, as `tensor` makes them; PyTorch's int64 labels are bigints or tensors here); strings
 * stay an array; arrays and objects are collated entry by entry.
 *
 * @throws ShapeError when tensors or arrays differ in size; ValueError when there is no item, items are of several
 *   kinds or lack a key; DTypeError when an item is nothing that can be collated.
 *
 * @example
 * ```ts
 * import { data } from "flambeau";
 *
 * const { x, name } = data.defaultCollate([{ x: 1, name: "a" }, { x: 2, name: "b" }]);
 * console.log(String(x), name.join());
 * // tensor([1., 2.]) a,b
 * ```
 */
export function defaultCollate<T>(...args: Args<typeof SIGNATURE, Items<T>>): Collated<T> {
  const { batch: items } = bind<typeof SIGNATURE, Items<T>>(SIGNATURE, args);
  if (items.length === 0) throw new ValueError("defaultCollate: a batch has one item at least");
  return collate(items) as Collated<T>;
}

function collate(items: readonly unknown[]): unknown {
  const kind = kindOf(items[0]);
  for (const item of items) {
    if (kindOf(item) !== kind) {
      throw new ValueError(
        `defaultCollate: a batch has items of one kind; got a ${kind} and a ${kindOf(item)}`,
      );
    }
  }
  switch (kind) {
    case "tensor":
      return stack(items as Tensor[]);
    case "typed array":
      return stack((items as Float32Array[]).map((item) => tensor(item)));
    case "number":
    case "boolean":
    case "bigint":
      return tensor(items as number[]);
    case "string":
      return items.slice();
    case "array":
      return collateArrays(items as unknown[][]);
    case "object":
      return collateObjects(items as Record<string, unknown>[]);
    default:
      throw new DTypeError(
        `defaultCollate takes tensors, numbers, booleans, bigints, strings, and arrays and objects of them; got ${kind}. Give the DataLoader a collateFn for these items`,
      );
  }
}

function kindOf(item: unknown): string {
  if (item instanceof Tensor) return "tensor";
  if (Array.isArray(item)) return "array";
  if (ArrayBuffer.isView(item)) return "typed array";
  // A tensor of another copy of the package is an object like any other here.
  if (isForeign(item)) throw new DTypeError(`defaultCollate: an item is ${describeValue(item)}`);
  return item === null ? "null" : typeof item;
}

function collateArrays(items: unknown[][]): unknown[] {
  const { length } = items[0];
  for (const item of items) {
    if (item.length !== length) {
      throw new ShapeError(
        `defaultCollate: arrays of one batch are of one length; got ${length} and ${item.length}`,
      );
    }
  }
  return items[0].map((_, i) => collate(items.map((item) => item[i])));
}

function collateObjects(items: Record<string, unknown>[]): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const key of Object.keys(items[0])) {
    for (const item of items) {
      if (!Object.hasOwn(item, key))
        throw new ValueError(`defaultCollate: an item of the batch has no ${key}`);
    }
    out[key] = collate(items.map((item) => item[key]));
  }
  return out;
}
