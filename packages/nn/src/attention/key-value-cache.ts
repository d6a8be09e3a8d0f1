import { isGradEnabled, noGrad } from "@flambeau/autograd";
import { AutogradError, DTypeError, formatShape, quote, ShapeError, ValueError } from "@flambeau/backend";
import { type Args, bind, ones, type Tensor } from "@flambeau/tensor";

const UPDATE = "update(key: tensor, value: tensor)";
const CAUSAL_MASK = "causalMask(queries: int)";
const CROP = "crop(length: int = 0)";

/**
 * The keys and values of the positions that a model has already computed, for one layer of attention: in generation each step computes those
 * of its new positions alone. Memory grows by doubling; gradients are not recorded.
 *
 * @example
 * ```ts
 * import { cat, manualSeed, nn, noGrad, type Tensor, tensor } from "flambeau";
 *
 * const letters = "abcdefgh";
 *
 * class Model extends nn.Module {
 *   embedding: nn.Embedding = new nn.Embedding(8, 16);
 *   input: nn.Linear = new nn.Linear(16, 48);
 *   output: nn.Linear = new nn.Linear(16, 8);
 *   // Positions [length] to logits [length, 8]; with a cache, of those positions that are not in it.
 *   override forward(ids: Tensor, cache: nn.KeyValueCache | null = null): Tensor {
 *     const [query, key, value] = this.input(this.embedding(ids)).chunk(3, -1);
 *     if (cache === null)
 *       return this.output(nn.F.scaledDotProductAttention(query, key, value, { isCausal: true }));
 *     const [keys, values] = cache.update(key, value);
 *     const attnMask = cache.causalMask(ids.shape[0]);
 *     return this.output(nn.F.scaledDotProductAttention(query, keys, values, { attnMask }));
 *   }
 * }
 *
 * function generate(model: Model, cache: nn.KeyValueCache | null): string {
 *   let ids = tensor([0n, 3n, 1n]);
 *   let fresh = ids;
 *   for (let i = 0; i < 12; i++) {
 *     const logits = model(cache === null ? ids : fresh, cache);
 *     fresh = logits.at(-1).argmax().reshape([1]);
 *     ids = cat([ids, fresh]);
 *   }
 *   return Array.from(ids.dataSync(), (id) => letters[Number(id)]).join("");
 * }
 *
 * manualSeed(0);
 * const model = new Model();
 * const cache = new nn.KeyValueCache();
 * noGrad(() => console.log(generate(model, null) === generate(model, cache), cache.length));
 * // true 14
 * ```
 */
export class KeyValueCache {
  #keys: Tensor | null = null;
  #values: Tensor | null = null;
  #length = 0;

  /** How many positions it holds. */
  get length(): number {
    return this.#length;
  }

  /**
   * Adds the keys `[..., S, E]` and values `[..., S, Ev]` of S new positions.
   *
   * @returns the keys and values of all positions so far, `[..., length, E]` and `[..., length, Ev]`, as views of the cache's memory.
   * @throws ShapeError when both have another number of positions, or other sizes than those before; DTypeError when the dtype or the device
   *   is another one; AutogradError when one of them requires a gradient. Nothing has changed then.
   */
  update(...args: Args<typeof UPDATE>): [keys: Tensor, values: Tensor] {
    const { key, value } = bind(UPDATE, args);
    if (isGradEnabled() && (key.requiresGrad || value.requiresGrad))
      throw new AutogradError("a KeyValueCache records no gradients: generate within noGrad()");
    if (key.ndim < 2 || value.ndim < 2 || key.shape[key.ndim - 2] !== value.shape[value.ndim - 2])
      throw new ShapeError(
        `KeyValueCache: a key [..., S, E] and a value [..., S, Ev] have the same positions; got shapes ${formatShape(key.shape)} and ${formatShape(value.shape)}`,
      );
    checkLike("key", key, this.#keys);
    checkLike("value", value, this.#values);
    const before = this.#length;
    const after = before + key.shape[key.ndim - 2];
    return noGrad(() => {
      this.#keys = withRoom(this.#keys, key, before, after);
      this.#values = withRoom(this.#values, value, before, after);
      this.#keys.narrow(-2, before, after - before).copy_(key);
      this.#values.narrow(-2, before, after - before).copy_(value);
      this.#length = after;
      return [this.#keys.narrow(-2, 0, after), this.#values.narrow(-2, 0, after)];
    });
  }

  /**
   * Which keys the last `queries` positions attend to: those up to their own. A bool mask `[queries, length]`, for
   * `scaledDotProductAttention`; null for one position, which attends to all.
   *
   * @param queries - how many positions, from 1.
   * @throws ValueError when there are not so many positions.
   */
  causalMask(...args: Args<typeof CAUSAL_MASK>): Tensor | null {
    const { queries } = bind(CAUSAL_MASK, args);
    if (!Number.isInteger(queries) || queries < 1 || queries > this.#length || this.#keys === null)
      throw new ValueError(
        `KeyValueCache: a mask is for 1 to ${this.#length} positions, those that there are; got ${quote(queries)}`,
      );
    if (queries === 1) return null;
    const { device } = this.#keys;
    return ones([queries, this.#length], { dtype: "bool", device }).tril(this.#length - queries);
  }

  /**
   * Takes back all positions but the first `length`; by default all of them.
   *
   * @param length - how many positions stay.
   * @throws ValueError when there are not so many.
   */
  crop(...args: Args<typeof CROP>): void {
    const { length } = bind(CROP, args);
    if (!Number.isInteger(length) || length < 0 || length > this.#length)
      throw new ValueError(`KeyValueCache: there are ${this.#length} positions; got ${quote(length)}`);
    this.#length = length;
    if (length === 0) [this.#keys, this.#values] = [null, null];
  }
}

/** @throws ShapeError, DTypeError when what is new does not go with what is there. */
function checkLike(what: string, x: Tensor, own: Tensor | null): void {
  if (own === null) return;
  const sizes = (t: Tensor): number[] => t.shape.filter((_, d) => d !== t.ndim - 2);
  if (sizes(x).join() !== sizes(own).join() || x.ndim !== own.ndim)
    throw new ShapeError(
      `KeyValueCache: a ${what} of shape ${formatShape(x.shape)} does not go with those before, whose sizes are ${formatShape(sizes(own))} but for the positions`,
    );
  if (x.dtype !== own.dtype || x.device !== own.device)
    throw new DTypeError(
      `KeyValueCache: a ${what} is ${own.dtype} on ${own.device}, as those before; got ${x.dtype} on ${x.device}`,
    );
}

/** The memory, twice as large where it is too small, with what is in it. */
function withRoom(own: Tensor | null, x: Tensor, before: number, after: number): Tensor {
  const room = own?.shape[own.ndim - 2] ?? 0;
  if (own !== null && room >= after) return own;
  const shape = [...x.shape];
  shape[x.ndim - 2] = own === null ? after : Math.max(after, 2 * room);
  const larger = x.newEmpty(shape);
  if (own !== null) larger.narrow(-2, 0, before).copy_(own.narrow(-2, 0, before));
  return larger;
}
