import { ShapeError, sameShape } from "@flambeau/backend";
import type { Tensor } from "../tensor.ts";

/** Whether writing `target` while reading `x` elementwise could read what was just written. */
export function overlaps(x: Tensor, target: Tensor): boolean {
  if (x.storage !== target.storage) return false;
  return !(
    x.offset === target.offset &&
    sameShape(x.shape, target.shape) &&
    sameShape(x.strides, target.strides)
  );
}

/**
 * Refuses a write to an expanded tensor, whose elements share memory.
 *
 * @throws ShapeError
 */
export function refuseOverlap(what: string, target: Tensor): void {
  for (let i = 0; i < target.shape.length; i++) {
    if (target.shape[i] > 1 && target.strides[i] === 0) {
      throw new ShapeError(
        `${what}: several elements of this expanded tensor share one place in memory; clone() it first`,
      );
    }
  }
}
