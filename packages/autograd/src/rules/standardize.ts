import { type StructuralOps, standardization, type Tensor } from "@flambeau/tensor";
import { isGradEnabled } from "../mode.ts";
import { sumTo } from "../sum-to.ts";
import type { Context, Rule } from "./structural.ts";

type Attrs = StructuralOps["standardize"];

/** The gradients in public ops, from x alone, so that they can be differentiated again. */
function recorded(c: Context<Attrs>, g: Tensor): (Tensor | null)[] {
  const { dims, eps } = c.attrs;
  const keep = { keepdim: true };
  const x = c.input(0);
  const centered = x.sub(x.mean(dims, keep));
  const rstd = centered.square().mean(dims, keep).add(eps).rsqrt();
  const standard = centered.mul(rstd);
  const h = c.count > 1 ? g.mul(c.input(1)) : g;
  const along = standard.mul(h.mul(standard).mean(dims, keep));
  return [
    c.needs(0) ? rstd.mul(h.sub(h.mean(dims, keep)).sub(along)) : null,
    c.count > 1 && c.needs(1) ? sumTo(g.mul(standard), c.inputShape(1)) : null,
    c.count > 2 && c.needs(2) ? sumTo(g, c.inputShape(2)) : null,
  ];
}

/** A few kernels in an ordinary backward pass, with the mean and deviation of the forward pass. */
export const standardizeRule: Rule<Attrs> = {
  saves: [0, 1],
  keeps: ["mean", "rstd"],
  backward: (c, g) => {
    if (isGradEnabled()) return recorded(c, g);
    return standardization.standardizeGradients(g, c.input(0), c.count > 1 ? c.input(1) : null, c.attrs, {
      x: c.needs(0),
      weight: c.count > 1 && c.needs(1) ? c.inputShape(1) : null,
      bias: c.count > 2 && c.needs(2) ? c.inputShape(2) : null,
    });
  },
};
