import { logits, type StructuralOps, type Tensor, zeros } from "@flambeau/tensor";
import { isGradEnabled } from "../mode.ts";
import type { Rule } from "./structural.ts";

/** `(softmax(x) - 1 at the label) g / count`, as kernels or, to be differentiated again, in public ops. */
export const crossEntropyRule: Rule<StructuralOps["crossEntropy"]> = {
  saves: [0],
  keeps: ["index", "exps", "sums"],
  backward: (c, g): (Tensor | null)[] => {
    const x = c.input(0);
    if (!isGradEnabled()) return [logits.crossEntropyGradient(g, x, c.attrs)];
    const { dim, count, index } = c.attrs;
    const named = zeros(x.shape, { dtype: x.dtype, device: x.device }).scatter(dim, index, 1);
    return [x.softmax(dim).sub(named).mul(g.div(count))];
  },
};
