import { recurrence, type StructuralOps, stack, type Tensor } from "@flambeau/tensor";
import { isGradEnabled } from "../mode.ts";
import { recorded } from "./recorded.ts";
import type { Context, Rules } from "./structural.ts";

type Recurrent = "lstm" | "gru" | "rnn";

/** The time steps in the order in which they are computed. */
function stepsOf(x: Tensor, reverse: boolean): Tensor[] {
  const steps = x.unbind();
  return reverse ? steps.reverse() : steps;
}

function stacked(outputs: Tensor[], reverse: boolean): Tensor {
  return stack(reverse ? outputs.reverse() : outputs);
}

/** x wᵀ + b. */
function affine(x: Tensor, w: Tensor, b: Tensor | undefined): Tensor {
  const product = x.matmul(w.t());
  return b === undefined ? product : product.add(b);
}

export function lstm(attrs: StructuralOps["lstm"], inputs: readonly Tensor[]): Tensor[] {
  const [x, h0, c0, wi, wh, ...rest] = inputs;
  const [bi, bh] = attrs.hasBias ? rest : [];
  const projection = rest[attrs.hasBias ? 2 : 0];
  let [h, c] = [h0, c0];
  const outputs = stepsOf(x, attrs.reverse).map((now) => {
    const [i, f, g, o] = affine(now, wi, bi)
      .add(affine(h, wh, bh))
      .chunk(4, 1);
    c = f.sigmoid().mul(c).add(i.sigmoid().mul(g.tanh()));
    h = o.sigmoid().mul(c.tanh());
    if (projection !== undefined) h = h.matmul(projection.t());
    return h;
  });
  return [stacked(outputs, attrs.reverse), c];
}

export function gru(attrs: StructuralOps["gru"], inputs: readonly Tensor[]): Tensor[] {
  const [x, h0, wi, wh, bi, bh] = inputs;
  let h = h0;
  const outputs = stepsOf(x, attrs.reverse).map((now) => {
    const [xr, xz, xn] = affine(now, wi, bi).chunk(3, 1);
    const [hr, hz, hn] = affine(h, wh, bh).chunk(3, 1);
    const fresh = xn.add(xr.add(hr).sigmoid().mul(hn)).tanh();
    h = h.sub(fresh).mul(xz.add(hz).sigmoid()).add(fresh);
    return h;
  });
  return [stacked(outputs, attrs.reverse)];
}

export function rnn(attrs: StructuralOps["rnn"], inputs: readonly Tensor[]): Tensor[] {
  const [x, h0, wi, wh, bi, bh] = inputs;
  let h = h0;
  const outputs = stepsOf(x, attrs.reverse).map((now) => {
    h = affine(now, wi, bi)
      .add(affine(h, wh, bh))
      [attrs.nonlinearity]();
    return h;
  });
  return [stacked(outputs, attrs.reverse)];
}

/** All inputs: a second derivative runs the forward pass again. */
const saves = [0, 1, 2, 3, 4, 5, 6, 7, "output"] as const;

/** What the gradients are computed from; `weights` is the position of the first weight. */
function savedOf(c: Context<unknown>, weights: number): recurrence.Saved {
  return {
    needsX: c.needs(0),
    x: c.input(0),
    h0: c.input(1),
    output: c.output(),
    weights: { input: c.input(weights), hidden: c.input(weights + 1) },
  };
}

/** The kernels of the ops in an ordinary backward pass; in public ops where gradients are to be differentiated again. */
export const recurrentRules: Rules<Recurrent> = {
  lstm: {
    saves,
    keeps: ["gates", "cells"],
    backwardAll: (c, grads) => {
      const { attrs } = c;
      if (isGradEnabled()) return recorded(c, grads, (inputs) => lstm(attrs, inputs));
      const at = attrs.hasBias ? 7 : 5;
      const projection = c.count > at ? c.input(at) : null;
      const saved = { ...savedOf(c, 3), c0: c.input(2), projection };
      const g = recurrence.lstmGradients(grads[0], grads[1], saved, attrs);
      const biases = attrs.hasBias ? [g.bias, g.bias] : [];
      return [g.x, g.h0, g.c0, g.input, g.hidden, ...biases, ...(projection === null ? [] : [g.projection])];
    },
  },
  gru: {
    saves,
    keeps: ["gates", "fresh"],
    backward: (c, g) => {
      const { attrs } = c;
      if (isGradEnabled()) return recorded(c, [g], (inputs) => gru(attrs, inputs));
      const found = recurrence.gruGradients(g, savedOf(c, 2), attrs);
      return [found.x, found.h0, found.input, found.hidden, ...(found.biases ?? [])];
    },
  },
  rnn: {
    saves,
    backward: (c, g) => {
      const { attrs } = c;
      if (isGradEnabled()) return recorded(c, [g], (inputs) => rnn(attrs, inputs));
      const found = recurrence.rnnGradients(g, savedOf(c, 2), attrs);
      return [
        found.x,
        found.h0,
        found.input,
        found.hidden,
        ...(attrs.hasBias ? [found.bias, found.bias] : []),
      ];
    },
  },
};
