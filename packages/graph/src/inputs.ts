/** The inputs of a program: their names, and inputs of other sizes made of the examples. */
import { ArgumentError, isPlainObject, quote, ShapeError } from "@flambeau/backend";
import { arange, isNamedTuple, Tensor } from "@flambeau/tensor";

/** Which dimensions of an input are open: `{ 0: "batch", 1: "length" }`. Dimensions of one name have one size. */
export type OpenDims = Readonly<Record<number, string>>;

/** The tensors among arguments, in arrays and objects as deep as they go. */
export function tensorsOf(value: unknown): Tensor[] {
  if (value instanceof Tensor) return [value];
  if (Array.isArray(value)) return value.flatMap(tensorsOf);
  return isRecord(value) ? Object.values(value).flatMap(tensorsOf) : [];
}

/** The same arguments with other tensors in the places of theirs. */
export function withTensors(value: unknown, replace: (x: Tensor) => Tensor): unknown {
  if (value instanceof Tensor) return replace(value);
  if (Array.isArray(value)) return value.map((entry) => withTensors(entry, replace));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withTensors(entry, replace)]));
}

/** Whether a program's value holds others by name. */
export function isRecord(value: unknown): value is object {
  return isPlainObject(value) || isNamedTuple(value);
}

/** Names for the tensors among the arguments: those of the parameters of `forward`, numbered where one holds several. */
export function namesOf(forward: (...args: never[]) => unknown, args: readonly unknown[]): string[] {
  const parameters = parametersOf(forward);
  return args.flatMap((arg, i) => {
    const name = parameters[i] ?? `input${i}`;
    const { length } = tensorsOf(arg);
    return Array.from({ length }, (_, k) => (length === 1 ? name : `${name}${k}`));
  });
}

/** The names of a function's parameters, as far as its text has plain names. */
function parametersOf(f: (...args: never[]) => unknown): string[] {
  const text = Function.prototype.toString.call(f);
  const list = /^[^(]*\(([^)]*)\)/.exec(text)?.[1] ?? /^(?:async\s+)?([\w$]+)\s*=>/.exec(text)?.[1] ?? "";
  const names = list.split(",").map((part) => /^\s*([\w$]+)/.exec(part)?.[1]);
  const end = names.indexOf(undefined);
  return (end < 0 ? names : names.slice(0, end)) as string[];
}

/**
 * The sizes of the open axes that the examples have; 2 in place of 1, of which a size could not be told from one that broadcasts.
 *
 * @throws ArgumentError when an input has no such dimension; ShapeError when dimensions of one name have several sizes.
 */
export function axesOf(
  inputs: readonly Tensor[],
  open: readonly (OpenDims | undefined)[],
): Record<string, number> {
  if (open.length > inputs.length)
    throw new ArgumentError(`axes has ${open.length} entries; there are ${inputs.length} inputs`);
  const sizes: Record<string, number> = {};
  for (const [i, dims] of open.entries()) {
    for (const [d, name] of Object.entries(dims ?? {})) {
      const { shape } = inputs[i];
      const size = shape[Number(d)];
      if (size === undefined)
        throw new ArgumentError(`axes names dimension ${quote(d)} of input ${i}, which has ${shape.length}`);
      const known = Object.hasOwn(sizes, name) ? sizes[name] : undefined;
      if (known !== undefined && known !== Math.max(2, size))
        throw new ShapeError(`the axis ${quote(name)} has size ${known} and size ${size}`);
      if (size === 0) throw new ShapeError(`the axis ${quote(name)} is empty in the example inputs`);
      sizes[name] = Math.max(2, size);
    }
  }
  return sizes;
}

/** An input whose open dimensions have other sizes: its elements again from the start, or fewer of them. */
export function resized(
  x: Tensor,
  dims: OpenDims | undefined,
  sizes: Readonly<Record<string, number>>,
): Tensor {
  let out = x;
  for (const [d, name] of Object.entries(dims ?? {})) {
    const index = arange(sizes[name], { dtype: "int64", device: x.device }).remainder(x.shape[Number(d)]);
    out = out.indexSelect(Number(d), index);
  }
  // A tensor of its own, even where nothing changes: it stands for the input in one run.
  return out === x ? x.detach() : out.detach();
}
