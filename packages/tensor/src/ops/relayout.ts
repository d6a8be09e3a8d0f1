import { AutogradError } from "@flambeau/backend";
import { Tensor } from "../tensor.ts";

/**
 * The in-place form of an op that only looks at the elements in another way: the tensor itself takes the layout of `view(x)`, and
 * its place in the graph. Other views of its memory stay as they are.
 *
 * @throws AutogradError when the tensor is a leaf that requires a gradient, or the change would not be recorded.
 */
export function relayout(what: string, x: Tensor, view: (x: Tensor) => Tensor): Tensor {
  // What the tensor was until now.
  const before = new Tensor(x.storage, x.shape, x.strides, x.offset, x.base);
  before.recorder = x.recorder;
  const after = view(before);
  if (x.requiresGrad && (x.isLeaf || !after.requiresGrad)) {
    const way = `use ${what.slice(0, -1)}, which gives a view`;
    const why = x.isLeaf ? "a leaf that requires a gradient keeps its shape" : "nothing is recorded here";
    throw new AutogradError(`${what}: ${why}; ${way}`);
  }
  const { recorder } = after;
  x.setData_(after, x.base);
  if (x.base === null || recorder !== null) x.recorder = recorder;
  return x;
}
