import { type DType, DTypeError, isFloat, quote, ShapeError } from "@flambeau/backend";
import { cat, linear, type Tensor, zeros } from "@flambeau/tensor";
import { attend } from "../functional/attention.ts";
import { dropout } from "../functional/dropout.ts";

/** The parameters of multi-head attention. */
export interface HeadWeights {
  /** Those of query, key and value; of size `[embed, ...]` each. */
  readonly projections: readonly [Tensor, Tensor, Tensor];
  /** Added to them, or null. */
  readonly biases: readonly [Tensor, Tensor, Tensor] | null;
  readonly outWeight: Tensor;
  readonly outBias: Tensor | null;
  /** One more key and value, or null. */
  readonly extra: readonly [key: Tensor, value: Tensor] | null;
  /** What stands in place of the projected keys and values, `[length, batch, embed]`, or null. */
  readonly fixed?: readonly [key: Tensor | null, value: Tensor | null];
}

/** How attention is computed. */
export interface HeadSettings {
  readonly heads: number;
  /** The probability that a weight is zeroed. */
  readonly dropout: number;
  /** Whether one more key and value of zeros are added. */
  readonly addZero: boolean;
  readonly needWeights: boolean;
  readonly averageWeights: boolean;
  readonly isCausal: boolean;
}

/** Which keys are left out: bool masks are true there, others are added to the scores. */
export interface HeadMasks {
  /** `[batch, keys]`. */
  readonly padding: Tensor | null;
  /** `[queries, keys]` or `[batch * heads, queries, keys]`. */
  readonly attention: Tensor | null;
}

/**
 * Multi-head attention of query, key and value `[length, batch, size]`: the result `[queries, batch, embed]` and the weights, if they
 * are needed.
 */
export function multiHead(
  [query, key, value]: readonly [Tensor, Tensor, Tensor],
  weights: HeadWeights,
  masks: HeadMasks,
  settings: HeadSettings,
): readonly [output: Tensor, weights: Tensor | null] {
  const { heads } = settings;
  const [queries, batch, embed] = query.shape;
  const size = embed / heads;
  const project = (x: Tensor, k: 0 | 1 | 2): Tensor => linear(x, weights.projections[k], weights.biases?.[k]);
  const q = project(query, 0);
  let [k, v] = [weights.fixed?.[0] ?? project(key, 1), weights.fixed?.[1] ?? project(value, 2)];
  let { attention, padding } = masks;
  const widen = (mask: Tensor | null): Tensor | null => (mask === null ? null : widened(mask));
  if (weights.extra !== null) {
    const [extraKey, extraValue] = weights.extra;
    k = cat([k, extraKey.expand([1, batch, embed])]);
    v = cat([v, extraValue.expand([1, batch, embed])]);
    [attention, padding] = [widen(attention), widen(padding)];
  }
  if (settings.addZero) {
    const none = zeros([1, batch, embed], { dtype: k.dtype, device: k.device });
    [k, v] = [cat([k, none]), cat([v, none])];
    [attention, padding] = [widen(attention), widen(padding)];
  }
  const keys = k.shape[0];
  // [batch, heads, length, size], as views.
  const split = (x: Tensor): Tensor => x.reshape([x.shape[0], batch, heads, size]).permute([1, 2, 0, 3]);
  const mask = joined(attention, padding, { batch, heads, keys, dtype: q.dtype });
  const scale = 1 / Math.sqrt(size);
  const merge = (y: Tensor): Tensor =>
    linear(y.permute([2, 0, 1, 3]).reshape([queries, batch, embed]), weights.outWeight, weights.outBias);
  if (!settings.needWeights) {
    const isCausal = settings.isCausal && mask === null;
    return [merge(attend(split(q), split(k), split(v), mask, settings.dropout, isCausal, scale)), null];
  }
  const scores = split(q).mul(scale).matmul(split(k).mT);
  let probabilities = (mask === null ? scores : scores.add(mask)).softmax(-1);
  if (settings.dropout > 0) probabilities = dropout(probabilities, settings.dropout);
  const output = merge(probabilities.matmul(split(v)));
  return [output, settings.averageWeights ? probabilities.mean(1) : probabilities];
}

/** A mask for one more key, which counts. */
function widened(mask: Tensor): Tensor {
  const { shape, dtype, device } = mask;
  return cat([mask, zeros([...shape.slice(0, -1), 1], { dtype, device })], -1);
}

interface Sizes {
  readonly batch: number;
  readonly heads: number;
  readonly keys: number;
  readonly dtype: DType;
}

/** Both masks as what is added to scores `[batch, heads, queries, keys]`, or null without any. */
function joined(attention: Tensor | null, padding: Tensor | null, sizes: Sizes): Tensor | null {
  const { batch, heads, keys, dtype } = sizes;
  const own =
    attention === null
      ? null
      : attention.ndim === 2
        ? added(attention, dtype)
        : added(attention, dtype).reshape([batch, heads, attention.shape[1], keys]);
  if (padding === null) return own;
  const wide = added(padding, dtype).reshape([batch, 1, 1, keys]);
  return own === null ? wide : own.add(wide);
}

/** A mask as what is added to the scores: -inf where a bool one is true. */
function added(mask: Tensor, dtype: DType): Tensor {
  if (mask.dtype !== "bool") return mask.to(dtype);
  return zeros(mask.shape, { dtype, device: mask.device }).maskedFill(mask, -Infinity);
}

/**
 * Makes sure that masks fit.
 *
 * @throws DTypeError when one is neither bool nor float; ShapeError when its shape does not fit.
 */
export function checkMasks(
  what: string,
  { attention, padding }: HeadMasks,
  { batch, heads, queries, keys }: { batch: number; heads: number; queries: number; keys: number },
): void {
  for (const mask of [attention, padding])
    if (mask !== null && mask.dtype !== "bool" && !isFloat(mask.dtype))
      throw new DTypeError(
        `${what}: a mask is bool, true where a key is left out, or float; got ${mask.dtype}`,
      );
  const fits = (mask: Tensor, ...shapes: readonly number[][]): boolean =>
    shapes.some((shape) => shape.join() === mask.shape.join());
  if (attention !== null && !fits(attention, [queries, keys], [batch * heads, queries, keys]))
    throw new ShapeError(
      `${what}: attnMask of shape ${quote(attention.shape)} does not fit ${queries} queries and ${keys} keys: ${quote([queries, keys])} or ${quote([batch * heads, queries, keys])} is needed`,
    );
  if (padding !== null && !fits(padding, [batch, keys]))
    throw new ShapeError(
      `${what}: keyPaddingMask of shape ${quote(padding.shape)} does not fit ${batch} sequences of ${keys} keys: ${quote([batch, keys])} is needed`,
    );
}
