/** Checks of parameters and values, with PyTorch's messages. */
import { noGrad } from "@flambeau/autograd";
import { ShapeError, sameShape, ValueError } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";
import { isDependent } from "./constraints/index.ts";
import type { Distribution } from "./distribution.ts";
import { canRead, sizeText, tupleText, valueText } from "./text.ts";

/** What a value is: Tensor of shape (2,). */
function kindText(x: Tensor): string {
  return `${x.constructor.name} of shape ${tupleText(x.shape)}`;
}

/** @throws ValueError when a parameter does not satisfy its constraint. */
export function checkParameters(d: Distribution): void {
  for (const [name, constraint] of Object.entries(d.argConstraints)) {
    // Others belong to what a distribution is made of, and were checked there.
    const value = d.parameter(name);
    if (value === undefined || isDependent(constraint)) continue;
    requireAll(
      d,
      value,
      (x) => constraint.check(x),
      () =>
        `Expected parameter ${name} (${kindText(value)}) of distribution ${d} to satisfy the constraint ${constraint}, but found invalid values:\n${valueText(value)}`,
    );
  }
}

/** @throws ShapeError when a value does not broadcast; ValueError when it is outside the support. */
export function checkValue(d: Distribution, value: Tensor): void {
  const { eventShape, batchShape } = d;
  const events = value.shape.slice(Math.max(0, value.ndim - eventShape.length));
  if (!sameShape(events, eventShape))
    throw new ShapeError(
      `The right-most size of value must match event_shape: ${sizeText(value.shape)} vs ${sizeText(eventShape)}.`,
    );
  const expected = [...batchShape, ...eventShape];
  for (let i = 1; i <= Math.min(value.ndim, expected.length); i++) {
    const [a, b] = [value.shape[value.ndim - i], expected[expected.length - i]];
    if (a !== b && a !== 1 && b !== 1)
      throw new ShapeError(
        `Value is not broadcastable with batch_shape+event_shape: ${sizeText(value.shape)} vs ${sizeText(expected)}.`,
      );
  }
  const { support } = d;
  requireAll(
    d,
    value,
    (x) => support.check(x),
    () =>
      `Expected value argument (${kindText(value)}) to be within the support (${support}) of the distribution ${d}, but found invalid values:\n${valueText(value)}`,
  );
}

/**
 * Throws unless all of what `check` gives of a value is true: now, or on a device that has to be waited for at the next read, where
 * validation was wanted in so many words.
 */
export function requireAll(
  d: Distribution,
  value: Tensor,
  check: (x: Tensor) => Tensor,
  message: () => string,
): void {
  if (canRead(value)) {
    if (!noGrad(() => check(value.detach()).all().itemSync<boolean>())) throw new ValueError(message());
  } else if (d.validateArgs === true) {
    const text = message();
    const valid = noGrad(() => check(value.detach()).all());
    valid.storage.backend.onHost([valid], [], ([all]) => {
      if (!all[0]) throw new ValueError(text);
      return [];
    });
  }
}
