/**
 * Attention: sums of values, weighted by how well their keys match a query.
 *
 * @module
 */
import { learnAttention } from "@flambeau/autograd";
import { DTypeError, isFloat, quote, ShapeError, ValueError } from "@flambeau/backend";
import {
  attention,
  type Callable,
  callable,
  commonBackend,
  matmul,
  ones,
  type Tensor,
  where,
} from "@flambeau/tensor";
import { checkProbability, dropout } from "./dropout.ts";

const SDPA =
  "scaledDotProductAttention(query: tensor, key: tensor, value: tensor, attnMask?: tensor, dropoutP: number = 0, isCausal: bool = false, *, scale?: number, enableGqa: bool = false)";

/**
 * `softmax(query keyᵀ scale + mask) value` for query `[..., L, E]`, key `[..., S, E]` and value `[..., S, Ev]`, whose leading dimensions
 * broadcast: `[..., L, Ev]`. A bool mask, which broadcasts to `[..., L, S]`, is true where a key counts; a float one is added. With
 * `isCausal` a query attends to the keys up to its own position. `scale` is by default `1 / sqrt(E)`. With `enableGqa` the heads of
 * the query, dimension -3, are a multiple of those of key and value, each of which serves as many of them. A query whose keys
 * are all masked gives zeros, as PyTorch from 2.5 on.
 *
 * Without dropout it is computed in blocks of queries, so that memory grows with L + S, not with L times S. With dropout, which
 * draws PyTorch's numbers for the same seed, all weights are computed at once.
 *
 * @throws ShapeError when the shapes do not fit; DTypeError when the dtypes differ or the mask is neither bool nor of the query's
 *   dtype; ValueError when `isCausal` comes with a mask, or `dropoutP` is no probability.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const key = tensor([[1, 0], [0, 1]]);
 * const value = tensor([[10, 0], [0, 20]]);
 * const F = nn.functional;
 * console.log(String(F.scaledDotProductAttention(tensor([[9, 0]]), key, value)));
 * // tensor([[9.9828, 0.0344]])
 * console.log(String(F.scaledDotProductAttention(key, key, value, { isCausal: true })));
 * // tensor([[10.0000,  0.0000],
 * //         [ 3.3024, 13.3952]])
 * ```
 */
export const scaledDotProductAttention: Callable<typeof SDPA, Tensor> = callable(
  SDPA,
  (query, key, value, attnMask, dropoutP, isCausal, options) => {
    const mask = attnMask ?? null;
    checkOperands(query, key, value, mask);
    checkProbability(dropoutP);
    if (mask !== null && isCausal)
      throw new ValueError(`${WHAT}: isCausal is a mask of its own; give it or attnMask`);
    const scale = options.scale ?? 1 / Math.sqrt(query.shape[query.ndim - 1]);
    if (!options.enableGqa) return attend(query, key, value, mask, dropoutP, isCausal, scale);
    // Groups of heads of the query share a head of key and value, which broadcasts.
    const groups = groupsOf(query, key, value);
    const grouped = attend(
      query.unflatten(-3, [-1, groups]),
      key.unsqueeze(-3),
      value.unsqueeze(-3),
      mask === null || mask.ndim < 3 ? mask : groupedMask(mask, groups),
      dropoutP,
      isCausal,
      scale,
    );
    return grouped.flatten(-4, -3);
  },
);

const WHAT = "scaledDotProductAttention";

function groupedMask(mask: Tensor, groups: number): Tensor {
  return mask.shape[mask.ndim - 3] === 1 ? mask.unsqueeze(-3) : mask.unflatten(-3, [-1, groups]);
}

function groupsOf(query: Tensor, key: Tensor, value: Tensor): number {
  const heads = (x: Tensor): number => x.shape[x.ndim - 3] ?? 0;
  const [own, given] = [heads(query), heads(key)];
  if (given === 0 || heads(value) !== given || own % given !== 0)
    throw new ShapeError(
      `${WHAT}: with enableGqa the query's heads, dimension -3, are a multiple of those of key and value; got shapes ${quote(query.shape)}, ${quote(key.shape)} and ${quote(value.shape)}`,
    );
  return own / given;
}

/** The same of operands that fit. */
export function attend(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  mask: Tensor | null,
  dropoutP: number,
  isCausal: boolean,
  scale: number,
): Tensor {
  if (dropoutP === 0) {
    learnAttention();
    return attention.attention(query, key, value, scale, { causal: isCausal, mask });
  }
  const scores = matmul(query, key.mT).mul(scale);
  const [queries, keys] = scores.shape.slice(-2);
  const allowed = isCausal ? ones([queries, keys], { dtype: "bool", device: query.device }).tril() : mask;
  const masked =
    allowed === null
      ? scores
      : allowed.dtype === "bool"
        ? where(allowed, scores, -Infinity)
        : scores.add(allowed);
  const weights = allowed === null || isCausal ? masked.softmax(-1) : safeSoftmax(masked);
  return matmul(dropout(weights, dropoutP), value);
}

/** Softmax over keys, with zeros where all of them are masked, and no gradient. */
function safeSoftmax(scores: Tensor): Tensor {
  const isDead = scores.detach().eq(-Infinity).all(-1, true);
  return where(isDead, 0, where(isDead, 0, scores).softmax(-1));
}

function checkOperands(query: Tensor, key: Tensor, value: Tensor, mask: Tensor | null): void {
  const all = mask === null ? [query, key, value] : [query, key, value, mask];
  commonBackend(WHAT, all);
  const { dtype } = query;
  if (!isFloat(dtype) || key.dtype !== dtype || value.dtype !== dtype)
    throw new DTypeError(
      `${WHAT} takes floats of one dtype; got ${query.dtype}, ${key.dtype} and ${value.dtype}`,
    );
  if (mask !== null && mask.dtype !== "bool" && mask.dtype !== dtype)
    throw new DTypeError(`${WHAT}: a mask is bool or ${dtype} as the query; got ${mask.dtype}`);
  const fits =
    [query, key, value].every((x) => x.ndim >= 2) &&
    query.shape[query.ndim - 1] === key.shape[key.ndim - 1] &&
    key.shape[key.ndim - 2] === value.shape[value.ndim - 2];
  if (!fits)
    throw new ShapeError(
      `${WHAT} takes a query [..., L, E], a key [..., S, E] and a value [..., S, Ev]; got shapes ${quote(query.shape)}, ${quote(key.shape)} and ${quote(value.shape)}`,
    );
  if (mask === null) return;
  const target = [query.shape[query.ndim - 2], key.shape[key.ndim - 2]];
  const last = mask.shape.slice(-2);
  const broadcasts = last.every((size, i) => size === 1 || size === target[target.length - last.length + i]);
  if (!broadcasts)
    throw new ShapeError(
      `${WHAT}: a mask of shape ${quote(mask.shape)} does not fit ${target[0]} queries and ${target[1]} keys: it broadcasts to [..., ${target.join(", ")}]`,
    );
}
