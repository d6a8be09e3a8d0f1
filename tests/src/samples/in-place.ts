/** Every elementwise op in place: written over a tensor made from its first operand, or over a view of one. */
import { formatShape } from "@flambeau/backend";
import { type ElementwiseName, type Operand, stack, Tensor } from "@flambeau/tensor";
import { functionOf, operands, type Run } from "./elementwise.ts";

type InPlace = (this: Tensor, ...rest: Operand[]) => Tensor;
const methods = Tensor.prototype as unknown as Record<string, InPlace | undefined>;
export const inPlaceNames: readonly ElementwiseName[] = (Object.keys(operands) as ElementwiseName[]).filter(
  (name) => methods[`${name}_`] !== undefined,
);
/** Called on draws that no write in place can have: the result is larger, or the first operand is a plain number. */
export class Unsuitable extends Error {}

/** The op written over a tensor made from the first operand. */
export function writing(name: ElementwiseName, where: "tensor" | "view"): Run {
  return (x, ...rest) => {
    if (!(x instanceof Tensor)) throw new Unsuitable();
    const shape = functionOf(name)(
      x.detach(),
      ...rest.map((r) => (r instanceof Tensor ? r.detach() : r)),
    ).shape;
    if (formatShape(shape) !== formatShape(x.shape)) throw new Unsuitable();
    // Linear, so that what was made from the old values needs none of them.
    const whole = where === "view" ? stack([x, x.mul(3)], -1) : x.mul(1);
    const target = where === "view" ? whole.select(-1, 1).mul(0).add(x) : whole;
    if (where === "view") {
      const view = whole.select(-1, 1);
      view.copy_(target);
      (methods[`${name}_`] as InPlace).apply(view, rest);
    } else (methods[`${name}_`] as InPlace).apply(whole, rest);
    return whole;
  };
}
