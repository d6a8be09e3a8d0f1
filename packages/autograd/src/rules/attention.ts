import { attention, matmul, onesLike, type StructuralOps, type Tensor, where } from "@flambeau/tensor";
import { isGradEnabled } from "../mode.ts";
import { sumTo } from "../sum-to.ts";
import { recorded } from "./recorded.ts";
import type { Rule } from "./structural.ts";

type Attrs = StructuralOps["attention"];

/** The forward pass in public ops, with all weights at once. */
export function whole({ scale, causal, mask }: Attrs, [q, k, v, added]: readonly Tensor[]): Tensor {
  const scores = matmul(q, k.mT).mul(scale);
  const masked = added === undefined ? scores : scores.add(added);
  const allowed = causal ? onesLike(scores.detach()).tril().ne(0) : mask?.dtype === "bool" ? mask : null;
  const seen = allowed === null ? masked : where(allowed, masked, -Infinity);
  // Of a query without a key, neither weights nor gradients.
  const none = seen.detach().amax(-1, { keepdim: true }).eq(-Infinity);
  return matmul(where(none, 0, where(none, 0, seen).softmax(-1)), v);
}

/** Kernels in blocks of queries in an ordinary backward pass; public ops where gradients are to be differentiated again. */
export const attentionRule: Rule<Attrs> = {
  saves: [0, 1, 2, 3],
  keeps: ["weights", "mask"],
  backward: (c, g) => {
    if (isGradEnabled()) return recorded(c, [g], (inputs) => [whole(c.attrs, inputs)]);
    const inputs = [c.input(0), c.input(1), c.input(2)] as const;
    const needs = { q: c.needs(0), k: c.needs(1), v: c.needs(2), mask: c.count > 3 && c.needs(3) };
    const found = attention.attentionGradients(g, inputs, c.attrs, needs);
    return [found.q, found.k, found.v, found.mask]
      .slice(0, c.count)
      .map((x, k) => (x === null ? null : sumTo(x, c.inputShape(k))));
  },
};
