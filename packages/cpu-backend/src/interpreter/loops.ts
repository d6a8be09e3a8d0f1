import type { BinaryFn, TypedArray, UnaryFn } from "@flambeau/backend";

/**
 * One instruction over `n` elements: o[oi], o[oi + os], ... = f(x[xi], x[xi + xs], ...; y ...; z ...). A step of zero
 * repeats a scalar. Functions of fewer operands leave the rest unread.
 *
 * The loops are written out one by one, because a loop that calls the function for each element is several times
 * slower; the commonest also have a form for neighbouring elements, a quarter faster. Those of int64 are apart, their
 * elements being bigints; and those of float32, since an engine that has seen a loop run on arrays of several kinds
 * takes two to three times as long over each element, and knows one loop by one piece of text: `float32/` holds twins
 * of the files whose loops training spends its time in, written by tools/twins.ts.
 */
export type LoopOf<A> = (
  n: number,
  o: A,
  oi: number,
  os: number,
  x: A,
  xi: number,
  xs: number,
  y: A,
  yi: number,
  ys: number,
  z: A,
  zi: number,
  zs: number,
) => void;

export type Loop = LoopOf<TypedArray>;
export type NumberArray = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;
export type NumberLoop = LoopOf<NumberArray>;

/** The loops of one element kind; a function that is not there is not for it. */
export interface Loops<A> {
  readonly unary: { readonly [fn in UnaryFn]?: LoopOf<A> };
  readonly binary: { readonly [fn in BinaryFn]?: LoopOf<A> };
  readonly select: LoopOf<A>;
}
