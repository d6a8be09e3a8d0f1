import { ArgumentError, quote, ShapeError, ValueError } from "@flambeau/backend";
import { type Callable, callable, type Tensor } from "@flambeau/tensor";
import { checkMasks, type HeadWeights, multiHead } from "../attention/forward.ts";
import { checkProbability } from "./dropout.ts";

const WHAT = "multiHeadAttentionForward";

const SIGNATURE =
  "multiHeadAttentionForward(query: tensor, key: tensor, value: tensor, embedDimToCheck: int, numHeads: int, inProjWeight: tensor|null, inProjBias: tensor|null, biasK: tensor|null, biasV: tensor|null, addZeroAttn: bool, dropoutP: number, outProjWeight: tensor, outProjBias: tensor|null, training: bool = true, keyPaddingMask?: tensor, needWeights: bool = true, attnMask?: tensor, useSeparateProjWeight: bool = false, qProjWeight?: tensor, kProjWeight?: tensor, vProjWeight?: tensor, staticK?: tensor, staticV?: tensor, averageAttnWeights: bool = true, isCausal: bool = false)";

interface Types {
  /** `[L, batch, E]`, or `[L, E]` without a batch. */
  readonly query: Tensor;
  /** `[S, batch, kdim]`, or without a batch. */
  readonly key: Tensor;
  /** `[S, batch, vdim]`, or without a batch. */
  readonly value: Tensor;
  /** E, as the caller has it. */
  readonly embedDimToCheck: number;
  /** How many heads there are: E is a multiple. */
  readonly numHeads: number;
  /** The projections of query, key and value, one below the other: `[3 E, E]`. */
  readonly inProjWeight: Tensor | null;
  /** Added to the three projections: `[3 E]`. */
  readonly inProjBias: Tensor | null;
  /** One more key for each sequence: `[1, 1, E]`. */
  readonly biasK: Tensor | null;
  /** One more value for each sequence: `[1, 1, E]`. */
  readonly biasV: Tensor | null;
  /** Whether a key and value of zeros are added. */
  readonly addZeroAttn: boolean;
  /** The probability that a weight is zeroed in training. */
  readonly dropoutP: number;
  /** The projection of the result: `[E, E]`. */
  readonly outProjWeight: Tensor;
  /** Added to the result: `[E]`. */
  readonly outProjBias: Tensor | null;
  /** Whether weights are zeroed. */
  readonly training: boolean;
  /** Which keys of a sequence are left out, `[batch, S]`: bool and true there, or float and added to the scores. */
  readonly keyPaddingMask?: Tensor | null;
  /** Whether the weights are returned. */
  readonly needWeights: boolean;
  /** Which keys a query does not attend to, `[L, S]` or `[batch * heads, L, S]`: bool and true there, or float and added. */
  readonly attnMask?: Tensor | null;
  /** Whether the projections are `qProjWeight`, `kProjWeight` and `vProjWeight`, not `inProjWeight`. */
  readonly useSeparateProjWeight: boolean;
  /** The projection of queries: `[E, E]`. */
  readonly qProjWeight?: Tensor | null;
  /** The projection of keys: `[E, kdim]`. */
  readonly kProjWeight?: Tensor | null;
  /** The projection of values: `[E, vdim]`. */
  readonly vProjWeight?: Tensor | null;
  /** In place of the projected keys: `[batch * heads, S, E / heads]`. */
  readonly staticK?: Tensor | null;
  /** In place of the projected values: `[batch * heads, S, E / heads]`. */
  readonly staticV?: Tensor | null;
  /** Whether the weights are the mean of those of all heads, not each. */
  readonly averageAttnWeights: boolean;
  /** That `attnMask` is causal, which lets its values go unread where no weights are needed. */
  readonly isCausal: boolean;
}

/**
 * Attention of several heads, with all of its parameters given: what `nn.MultiheadAttention` computes. Query `[L, batch, E]`, key
 * `[S, batch, kdim]` and value `[S, batch, vdim]`, or all without a batch, to the result `[L, batch, E]` and the weights `[batch, L, S]`,
 * averaged over heads (null without `needWeights`). Source: Vaswani et al., "Attention is all you need" (2017).
 *
 * @throws ShapeError when a size is not `embedDimToCheck`, or inputs, parameters or masks do not fit; ArgumentError when a projection is missing;
 *   ValueError when E is no multiple of `numHeads`, or one more key is given beside `staticK`; DTypeError when a mask is neither bool nor
 *   float.
 *
 * @example
 * ```ts
 * import { F, nn, randn } from "flambeau";
 *
 * const own = new nn.MultiheadAttention(8, 2);
 * const x = randn([5, 3, 8]);
 * const { inProjWeight, inProjBias, outProj } = own;
 * const [output, weights] = F.multiHeadAttentionForward(
 *   x, x, x, 8, 2, inProjWeight, inProjBias, null, null, false, 0, outProj.weight, outProj.bias,
 * );
 * console.log(output.equal(own(x, x, x)[0]), weights?.shape);
 * // true [ 3, 5, 5 ]
 * ```
 */
export const multiHeadAttentionForward: Callable<
  typeof SIGNATURE,
  [output: Tensor, weights: Tensor | null],
  Types
> = callable<typeof SIGNATURE, [output: Tensor, weights: Tensor | null], Types>(SIGNATURE, (...all) => {
  const [query, key, value, embed, numHeads, inWeight, inBias, biasK, biasV, addZero, dropoutP, outWeight] =
    all;
  const [outBias, training, keyPaddingMask, needWeights, attnMask, isSeparate, q, k, v] = all.slice(
    12,
  ) as Rest;
  const [staticK, staticV, averageWeights, isCausal] = all.slice(21) as Last;
  checkProbability(dropoutP);
  if (!Number.isInteger(numHeads) || numHeads < 1 || embed % numHeads !== 0)
    throw new ValueError(`${WHAT}: E, ${embed}, is a multiple of numHeads; got ${quote(numHeads)}`);
  if ((biasK === null) !== (biasV === null))
    throw new ArgumentError(`${WHAT}: biasK and biasV are given together, or neither`);
  if (biasK !== null && (staticK != null || staticV != null))
    throw new ValueError(
      `${WHAT}: biasK and biasV are added to projected keys and values, not to staticK and staticV`,
    );
  const isBatched = query.ndim === 3;
  checkInputs(query, key, value, embed);
  const batch = isBatched ? query.shape[1] : 1;
  const projections = isSeparate
    ? separate({ qProjWeight: q, kProjWeight: k, vProjWeight: v }, embed, key, value)
    : together(inWeight, embed, key, value);
  const vectors: Readonly<Record<string, readonly [Tensor | null, number[]]>> = {
    inProjBias: [inBias, [3 * embed]],
    biasK: [biasK, [1, 1, embed]],
    biasV: [biasV, [1, 1, embed]],
    outProjWeight: [outWeight, [embed, embed]],
    outProjBias: [outBias, [embed]],
  };
  for (const [name, [x, shape]] of Object.entries(vectors)) if (x !== null) checkShape(name, x, shape);
  const fixed = [staticK ?? null, staticV ?? null].map((x, i) =>
    x === null ? null : merged(i === 0 ? "staticK" : "staticV", x, batch, numHeads, embed),
  ) as [Tensor | null, Tensor | null];
  const [L, ...keys] = [query, fixed[0] ?? key, fixed[1] ?? value].map((x) => x.shape[0]);
  if (keys[0] !== keys[1])
    throw new ShapeError(`${WHAT}: there are as many values as keys; got ${keys[1]} and ${keys[0]}`);
  const padding = keyPaddingMask ?? null;
  const masks = {
    attention: attnMask ?? null,
    padding: padding === null || isBatched ? padding : padding.unsqueeze(0),
  };
  checkMasks(WHAT, masks, { batch, heads: numHeads, queries: L, keys: keys[0] });
  const inner = (x: Tensor): Tensor => (isBatched ? x : x.unsqueeze(1));
  const parameters: HeadWeights = {
    projections,
    biases: inBias === null ? null : (inBias.chunk(3) as unknown as readonly [Tensor, Tensor, Tensor]),
    outWeight,
    outBias,
    extra: biasK === null ? null : [biasK, biasV as Tensor],
    fixed,
  };
  const [output, weights] = multiHead([inner(query), inner(key), inner(value)], parameters, masks, {
    heads: numHeads,
    dropout: training ? dropoutP : 0,
    addZero,
    needWeights,
    averageWeights,
    isCausal,
  });
  return isBatched ? [output, weights] : [output.squeeze(1), weights?.squeeze(0) ?? null];
});

type Optional = Tensor | null | undefined;
type Rest = [Tensor | null, boolean, Optional, boolean, Optional, boolean, Optional, Optional, Optional];
type Last = [Optional, Optional, boolean, boolean];

function checkInputs(query: Tensor, key: Tensor, value: Tensor, embed: number): void {
  const fits =
    (query.ndim === 2 || query.ndim === 3) &&
    key.ndim === query.ndim &&
    value.ndim === query.ndim &&
    query.shape[query.ndim - 1] === embed &&
    key.shape.slice(0, -1).join() === value.shape.slice(0, -1).join() &&
    (query.ndim === 2 || query.shape[1] === key.shape[1]);
  if (fits) return;
  throw new ShapeError(
    `${WHAT} takes a query [L, batch, ${embed}], a key [S, batch, kdim] and a value [S, batch, vdim], or all without a batch; got shapes ${[query, key, value].map((x) => quote(x.shape)).join(", ")}`,
  );
}

function checkShape(name: string, x: Tensor, shape: readonly number[]): void {
  if (x.shape.join() !== shape.join())
    throw new ShapeError(`${WHAT}: ${name} has shape ${quote(x.shape)}, and ${quote(shape)} is needed`);
}

/** The three projections of one weight: keys and values have the size of queries. */
function together(
  weight: Tensor | null,
  embed: number,
  key: Tensor,
  value: Tensor,
): HeadWeights["projections"] {
  if (weight === null) throw new ArgumentError(`${WHAT}: inProjWeight is missing, or useSeparateProjWeight`);
  checkShape("inProjWeight", weight, [3 * embed, embed]);
  for (const [name, x] of Object.entries({ key, value }))
    if (x.shape[x.ndim - 1] !== embed)
      throw new ShapeError(
        `${WHAT}: a ${name} of shape ${quote(x.shape)} does not fit inProjWeight of shape ${quote(weight.shape)}`,
      );
  return weight.chunk(3) as unknown as HeadWeights["projections"];
}

function separate(
  weights: Readonly<Record<string, Optional>>,
  embed: number,
  key: Tensor,
  value: Tensor,
): HeadWeights["projections"] {
  const sizes = [embed, key.shape[key.ndim - 1], value.shape[value.ndim - 1]];
  return Object.entries(weights).map(([name, weight], i) => {
    if (weight == null) throw new ArgumentError(`${WHAT}: with useSeparateProjWeight ${name} is given`);
    checkShape(name, weight, [embed, sizes[i]]);
    return weight;
  }) as unknown as HeadWeights["projections"];
}

/** `[batch * heads, S, size]` as `[S, batch, embed]`. */
function merged(name: string, x: Tensor, batch: number, heads: number, embed: number): Tensor {
  const S = x.shape[1];
  checkShape(name, x, [batch * heads, S, embed / heads]);
  return x
    .reshape([batch, heads, S, embed / heads])
    .permute([2, 0, 1, 3])
    .reshape([S, batch, embed]);
}
