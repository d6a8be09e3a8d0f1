/**
 * Attention weights of a block of queries: the softmax of scaled products with the keys, under a mask.
 *
 * @module
 * @internal
 */
import { E, input, MapKernel, numel, param, type Strided } from "@flambeau/backend";
import { taken } from "../../lifetime.ts";
import { Tensor } from "../../tensor.ts";
import { softmax } from "../softmax.ts";
import { transposed } from "../transposed.ts";

const { add, eq, ge, mul, select } = E;
const scaled = mul(input(0), param(0));
// Params: the scale and, where elements are left out, the -inf in their place.
const plain = new MapKernel("attentionScores", 1, 1, [scaled]);
const added = new MapKernel("attentionScoresMasked", 2, 1, [add(scaled, input(1))]);
const allowed = new MapKernel("attentionScoresWhere", 2, 2, [select(input(1), scaled, param(1))]);
/** Inputs 1 and 2: the positions of the query and of the key. */
const causal = new MapKernel("attentionScoresCausal", 3, 2, [
  select(ge(input(1), input(2)), scaled, param(1)),
]);
/** Zero for a query whose keys are all left out: input 1 is the largest score. */
const ofAny = new MapKernel("attentionOfAny", 2, 1, [select(eq(input(1), param(0)), 0, input(0))]);

/** What decides which keys a query attends to. */
export interface AttentionMask {
  /** Each query attends to the keys up to its own position. */
  readonly causal: boolean;
  /** Added to the scores, or (bool) whether a key counts; broadcasts to `[..., queries, keys]`. */
  readonly mask: Tensor | null;
}

/** A block of queries. */
export interface Block {
  readonly start: number;
  readonly rows: number;
  /** The number of keys: with a causal mask, none after the last query. */
  readonly keys: number;
}

/** The most scores that are computed at a time: 4 MB of float32. */
const MOST_SCORES = 2 ** 20;

/** The blocks of queries, so large that their scores, of so many heads, fit into a fixed amount of memory. */
export function blocksOf(batch: number, queries: number, keys: number, isCausal: boolean): Block[] {
  const most = Math.max(1, Math.floor(MOST_SCORES / Math.max(1, batch * keys)));
  const count = Math.max(1, Math.ceil(queries / most));
  const rows = Math.ceil(queries / count);
  return Array.from({ length: count }, (_, i) => {
    const start = i * rows;
    const own = Math.min(rows, queries - start);
    return { start, rows: own, keys: isCausal ? Math.min(keys, start + own) : keys };
  }).filter((block) => block.rows > 0);
}

/** Elements `start` and up of a dimension; one of size 1, which broadcasts, is left. */
export function part(x: Tensor, dim: number, start: number, size: number): Tensor {
  const d = dim + x.ndim;
  if (d < 0 || x.shape[d] === 1) return x;
  const shape = x.shape.slice();
  shape[d] = size;
  return new Tensor(x.storage, shape, x.strides, x.offset + start * x.strides[d]);
}

/** 0, 1, 2, ... from `start` on, as a column or a row. */
function positions(like: Tensor, start: number, shape: number[]): Tensor {
  const data = like.dtype === "float64" ? new Float64Array(numel(shape)) : new Float32Array(numel(shape));
  for (let i = 0; i < data.length; i++) data[i] = start + i;
  const dtype = like.dtype === "float64" ? "float64" : "float32";
  return new Tensor(taken(like.storage.backend.upload(dtype, data)), shape);
}

/** The weights `[..., rows, keys]` of a block of queries q `[..., queries, size]` over k `[..., keys, size]`. */
export function weightsOf(
  q: Tensor,
  k: Tensor,
  batch: readonly number[],
  block: Block,
  scale: number,
  { causal: isCausal, mask }: AttentionMask,
): Tensor {
  const { backend } = q.storage;
  const { start, rows, keys } = block;
  const scores = Tensor.empty(backend, [...batch, rows, keys], q.dtype);
  const queries = part(q, -2, start, rows);
  const seen = transposed(part(k, -2, 0, keys));
  const product = (kernel: MapKernel, inputs: readonly Strided[], params: readonly number[]): void =>
    backend.matmul(queries, seen, scores, { kernel, inputs, params });
  if (isCausal) {
    const places = [positions(q, start, [rows, 1]), positions(q, 0, [1, keys])];
    product(causal, places, [scale, -Infinity]);
  } else if (mask !== null) {
    const own = part(mask, -2, start, rows);
    if (mask.dtype === "bool") product(allowed, [own], [scale, -Infinity]);
    else product(added, [own], [scale]);
  } else product(plain, [], [scale]);
  const weights = softmax(scores, -1);
  if (mask === null) return weights;
  const largest = scores.amax(-1, { keepdim: true });
  backend.map(ofAny, q.dtype, [weights, largest], [-Infinity], [weights]);
  return weights;
}
