/**
 * What JavaScript itself asks of objects: to be iterated over, to be a number or a text, to be written as JSON.
 *
 * @module
 */
import { DeviceError, DTypeError, formatShape, ShapeError } from "@flambeau/backend";
import { unbind } from "./ops/parts.ts";
import { itemSync, toArraySync } from "./ops/reading.ts";
import { isReadable } from "./ops/unreadable.ts";
import type { Tensor } from "./tensor.ts";

const OPERATORS =
  "JavaScript has no operators for tensors: use methods, as in x.add(1), x.mul(2), x.eq(y), x.lt(y)";

/** `for (const row of x)` and `const [a, b] = x`: views along the first dimension, as `unbind`. */
export function rowsOf(x: Tensor): IterableIterator<Tensor> {
  if (x.ndim === 0) {
    throw new ShapeError(
      "a tensor without dimensions cannot be iterated over: it has no rows (await x.item() reads its value)",
    );
  }
  return unbind(x)[Symbol.iterator]();
}

/** `${x}` is the text, Number(x) the value of one element; `x + y` cannot be what was meant. */
export function primitiveOf(x: Tensor, hint: string): string | number {
  if (hint === "string") return x.toString();
  // "default" is what + and == ask for, whose other operand is not known: neither text nor number would be right.
  if (hint !== "number") {
    throw new DTypeError(`${OPERATORS}; for its text \`\${x}\` or String(x), for its value await x.item()`);
  }
  if (x.numel() !== 1) {
    throw new ShapeError(
      `a tensor of shape ${formatShape(x.shape)} is not one number, for which Number(x) and JavaScript's operators ask. ${OPERATORS}`,
    );
  }
  if (!isReadable(x.storage.backend)) {
    throw new DeviceError(
      `the value of a ${x.device} tensor has to be waited for: await x.item(). ${OPERATORS}`,
    );
  }
  return Number(itemSync<number | boolean>(x));
}

/**
 * Nested arrays of numbers and booleans, as JSON has them; nan and the infinities, which it does not have, become null.
 *
 * @throws DeviceError on a device that reads asynchronously; ValueError for an int64 beyond 2^53.
 */
export function jsonOf(x: Tensor): unknown {
  if (!isReadable(x.storage.backend)) {
    throw new DeviceError(
      `JSON of a ${x.device} tensor has to be waited for: use JSON.stringify(await x.toArray())`,
    );
  }
  return toArraySync(x);
}
