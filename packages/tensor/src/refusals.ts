/**
 * What reads well in Python and does nothing in JavaScript: an element by `x[0]`, a shape that is set, a name in snake_case.
 *
 * @module
 */
import { ArgumentError, IndexError, refuseSnakeCase } from "@flambeau/backend";
import { Tensor } from "./tensor.ts";

const INDEX = /^-?\d+$/;
/** Functions that programs know as methods. No tool looks for these names. */
const FUNCTION = /^(m?H|reshapeAs|splitWithSizes|sumToSize|unfold)$/;

refuseSnakeCase(Tensor.prototype, "Tensor", (key, isWrite) => {
  if (FUNCTION.test(key) && !isWrite)
    return new ArgumentError(`x.${key} is a function here: ${key}(x, ...) of "flambeau" or "@flambeau/ops"`);
  if (!INDEX.test(key)) return undefined;
  const way = isWrite ? `x.set([${key}], value)` : `x.at(${key})`;
  return new IndexError(`x[${key}]: JavaScript has no operators for tensors; it is written ${way}`);
});

/** How to get a tensor that has another one. */
const ways: Readonly<Record<string, string>> = {
  shape: "x.reshape([2, 3])",
  dtype: 'x.to("float64")',
  device: 'x.to("webgpu")',
  gradFn: "x.detach()",
  isLeaf: "x.detach()",
};

// Without a setter an assignment throws the engine's own error, and in a script none at all.
for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(Tensor.prototype))) {
  if (property.get === undefined || property.set !== undefined) continue;
  const way = ways[name];
  Object.defineProperty(Tensor.prototype, name, {
    ...property,
    set(): never {
      throw new ArgumentError(
        `Tensor: ${name} cannot be set${way === undefined ? "" : `; a tensor with another is made by ${way}`}`,
      );
    },
  });
}
