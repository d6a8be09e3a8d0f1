import { logits, type StructuralOps, type Tensor, where, zeros } from "@flambeau/tensor";
import { isGradEnabled } from "../mode.ts";
import type { Rule } from "./structural.ts";

/** `(softmax(x) - 1 at the label) g / count`, as kernels or, to be differentiated again, in public ops. */
export const crossEntropyRule: Rule<StructuralOps["crossEntropy"]> = {
  saves: [0],
  keeps: ["index", "exps", "sums", "divisor"],
  backward: (c, g): (Tensor | null)[] => {
    const x = c.input(0);
    if (!isGradEnabled()) return [logits.crossEntropyGradient(g, x, c.attrs)];
    const { dim, count, index, ignored, divisor } = c.attrs;
    if (ignored === undefined || divisor === undefined) return [times(x, dim, index, g.div(count))];
    const counts = index.ne(ignored);
    const share = g.div(divisor.flatten()).mul(counts.to(x.dtype));
    return [times(x, dim, where(counts, index, 0n).to(index.dtype), share)];
  },
};

/** `(softmax(x) - 1 at the label) share`, in public ops. */
function times(x: Tensor, dim: number, index: Tensor, share: Tensor): Tensor {
  const named = zeros(x.shape, { dtype: x.dtype, device: x.device }).scatter(dim, index, 1);
  return x.softmax(dim).sub(named).mul(share);
}
