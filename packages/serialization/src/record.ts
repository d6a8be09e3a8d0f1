import { ArgumentError, isOf, isPlainObject, quote, ValueError } from "@flambeau/backend";
import { describeValue, Tensor } from "@flambeau/tensor";

/**
 * Tensors by name, as a user gives them.
 *
 * @throws ArgumentError when it is no plain object or Map; ValueError when one is no tensor.
 */
export function checkTensors(
  what: string,
  parameter: string,
  given: unknown,
): [name: string, tensor: Tensor][] {
  const entries = isOf("Map", given)
    ? [...(given as Map<unknown, unknown>)]
    : isPlainObject(given)
      ? Object.entries(given as object)
      : undefined;
  if (entries === undefined) {
    throw new ArgumentError(
      `${what}: ${parameter} is tensors by name, as model.stateDict() gives them; got ${describeValue(given)}`,
    );
  }
  for (const [name, tensor] of entries) {
    if (typeof name !== "string" || !name.isWellFormed())
      throw new ValueError(`${what}: a name is a text; got ${quote(name)}`);
    if (!(tensor instanceof Tensor))
      throw new ValueError(`${what}: ${quote(name)} is no tensor but ${describeValue(tensor)}`);
    tensor.checkUsable(what);
  }
  return entries as [string, Tensor][];
}
