/**
 * Scaled dot-product attention in blocks of queries, so that its memory grows with the length of the sequence and not with
 * its square: the weights of a block are computed when they are needed, in the backward pass again.
 *
 * Source of the idea: Rabe and Staats, "Self-attention does not need O(n^2) memory" (2021).
 *
 * @module
 * @internal
 */
import { broadcastShapes, E, input, MapKernel, numel, param } from "@flambeau/backend";
import { observed } from "../../dispatch/observe.ts";
import { defineOp } from "../../dispatch/op.ts";
import { runOp } from "../../dispatch/run.ts";
import { tidy } from "../../lifetime.ts";
import { Tensor } from "../../tensor.ts";
import type { AttentionAttrs } from "../names.ts";
import { softmaxGradient } from "../softmax-gradient.ts";
import { transposed } from "../transposed.ts";
import { type AttentionMask, blocksOf, part, weightsOf } from "./weights.ts";

const scaledKernel = new MapKernel("scale", 1, 1, [E.mul(input(0), param(0))]);

/** The leading dimensions of the result. */
function batchOf(q: Tensor, k: Tensor, v: Tensor): number[] {
  const lead = (x: Tensor): readonly number[] => x.shape.slice(0, -2);
  return broadcastShapes(broadcastShapes(lead(q), lead(k)), lead(v)).slice();
}

const attentionOp = defineOp("attention", {
  shape: ([q, k, v]) => [...batchOf(q, k, v), q.shape[q.ndim - 2], v.shape[v.ndim - 1]],
  run: ([q, k, v], attrs, out) => {
    const { scale, causal } = attrs;
    const batch = out.shape.slice(0, -2);
    const blocks = blocksOf(numel(batch), q.shape[q.ndim - 2], k.shape[k.ndim - 2], causal);
    for (const block of blocks) {
      const weights = weightsOf(q.detach(), k.detach(), batch, block, scale, attrs);
      out.storage.backend.matmul(weights, part(v, -2, 0, block.keys), part(out, -2, block.start, block.rows));
      // The weights of one block are kept: they take no more than a block does anyway.
      if (blocks.length === 1) attrs.weights = weights;
    }
  },
});

/**
 * From q `[..., queries, size]`, k `[..., keys, size]` and v `[..., keys, out]`, whose leading dimensions broadcast, to
 * `[..., queries, out]`.
 */
export function attention(q: Tensor, k: Tensor, v: Tensor, scale: number, masking: AttentionMask): Tensor {
  const operands =
    masking.mask === null || masking.mask.dtype === "bool" ? [q, k, v] : [q, k, v, masking.mask];
  const { causal, mask } = masking;
  return tidy(() => runOp(attentionOp, operands, { scale, causal, mask, weights: null }));
}

/** Which gradients are needed. */
export interface AttentionNeeds {
  readonly q: boolean;
  readonly k: boolean;
  readonly v: boolean;
  readonly mask: boolean;
}

/** The gradients, before what was broadcast is summed. */
export interface AttentionGradients {
  readonly q: Tensor | null;
  readonly k: Tensor | null;
  readonly v: Tensor | null;
  readonly mask: Tensor | null;
}

/** The gradients of the operands that need one. */
export function attentionGradients(
  g: Tensor,
  operands: readonly [Tensor, Tensor, Tensor],
  attrs: AttentionAttrs,
  needs: AttentionNeeds,
): AttentionGradients {
  return observed("gradient", "attentionBackward", [g, ...operands], attrs, () =>
    gradientsOf(g, operands, attrs, needs),
  );
}

function gradientsOf(
  g: Tensor,
  [q, k, v]: readonly [Tensor, Tensor, Tensor],
  { scale, causal, mask, weights: kept }: AttentionAttrs,
  needs: AttentionNeeds,
): AttentionGradients {
  const batch = batchOf(q, k, v);
  const { backend } = q.storage;
  const [queries, keys] = [q.shape[q.ndim - 2], k.shape[k.ndim - 2]];
  const blocks = blocksOf(numel(batch), queries, keys, causal);
  const make = (...sizes: number[]): Tensor => Tensor.empty(backend, [...batch, ...sizes], q.dtype);
  const gq = needs.q ? make(queries, q.shape[q.ndim - 1]) : null;
  const gk = needs.k ? new Sum(blocks.length === 1, make(keys, k.shape[k.ndim - 1])) : null;
  const gv = needs.v ? new Sum(blocks.length === 1, make(keys, v.shape[v.ndim - 1])) : null;
  const gMask = needs.mask ? make(queries, keys) : null;
  const scaling = { kernel: scaledKernel, inputs: [], params: [scale] };
  for (const block of blocks) {
    const own = (x: Tensor): Tensor => part(x, -2, block.start, block.rows);
    const seen = (x: Tensor): Tensor => part(x, -2, 0, block.keys);
    const weights = kept ?? weightsOf(q, k, batch, block, scale, { causal, mask });
    const gOut = own(g);
    gv?.add(block.keys, (out) => backend.matmul(transposed(weights), gOut, out));
    if (gq === null && gk === null && gMask === null) continue;
    const gWeights = make(block.rows, block.keys);
    backend.matmul(gOut, transposed(seen(v)), gWeights);
    const gScores = softmaxGradient("softmax", gWeights, weights, weights.ndim - 1);
    if (gMask !== null) own(gMask).copy_(gScores);
    if (gq !== null) backend.matmul(gScores, seen(k), own(gq), scaling);
    gk?.add(block.keys, (out) => backend.matmul(transposed(gScores), own(q), out, scaling));
  }
  return { q: gq, k: gk?.total ?? null, v: gv?.total ?? null, mask: gMask };
}

/** A gradient to which each block adds for its keys. */
class Sum {
  readonly total: Tensor;
  readonly #isOne: boolean;

  constructor(isOne: boolean, total: Tensor) {
    this.#isOne = isOne;
    this.total = total;
    if (!isOne) total.zero_();
  }

  add(keys: number, compute: (out: Tensor) => void): void {
    const target = part(this.total, -2, 0, keys);
    if (this.#isOne && keys === this.total.shape[this.total.ndim - 2]) {
      compute(target);
      return;
    }
    if (this.#isOne) this.total.zero_();
    const term = Tensor.empty(target.storage.backend, target.shape, target.dtype);
    compute(term);
    target.add_(term);
  }
}
