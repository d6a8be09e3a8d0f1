import { ArgumentError, AutogradError, DTypeError, ShapeError } from "@flambeau/backend";
import { describeValue, Tensor, zerosLike } from "@flambeau/tensor";
import { checkGradient } from "../check.ts";

/** Tangents or cotangents as many as there are tensors, each of the shape and on the device of its own, in their dtypes. */
export function fitting(
  what: string,
  name: string,
  like: readonly Tensor[],
  given: readonly Tensor[],
): Tensor[] {
  if (!Array.isArray(given))
    throw new DTypeError(`${what}: ${name} are tensors; got ${describeValue(given)}`);
  if (given.length !== like.length)
    throw new ShapeError(`${what}: ${given.length} ${name} were given for ${like.length} tensors`);
  return given.map((x, k) => {
    checkGradient(`${what}: ${name}, number ${k}`, like[k], x);
    return x.to(like[k].dtype);
  });
}

/** Makes sure that what is differentiated is a function. */
export function checkFunction(what: string, func: unknown): void {
  if (typeof func !== "function")
    throw new ArgumentError(`${what}: func is a function; got ${describeValue(func)}`);
}

/** Makes sure that a function is differentiated by floats, and by some. */
export function checkInputs(what: string, inputs: readonly unknown[]): void {
  if (inputs.length === 0) throw new AutogradError(`${what}: there is no tensor to differentiate by`);
  for (const x of inputs) {
    if (!(x instanceof Tensor))
      throw new DTypeError(`${what}: a function is differentiated by tensors; got ${describeValue(x)}`);
    if (!x.isFloatingPoint())
      throw new AutogradError(`${what}: only floats have derivatives; this tensor is ${x.dtype}`);
  }
}

/** The derivative of what a function gives as one, or a list as the function itself gives it. */
export function shaped(
  isList: boolean,
  like: readonly Tensor[],
  found: readonly (Tensor | null)[],
): Tensor | Tensor[] {
  const all = found.map((x, k) => x ?? zerosLike(like[k].detach()));
  return isList ? all : all[0];
}
