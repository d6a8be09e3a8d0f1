import type { BinaryFn, TypedArray, UnaryFn } from "@flambeau/backend";

/**
 * One instruction over `n` elements: o[oi], o[oi + os], ... = f(x[xi], x[xi + xs], ...; y ...; z ...). A step of zero
 * repeats a scalar. Functions of fewer operands leave the rest unread.
 *
 * The loops are written out one by one, because a loop that calls the function for each element is several times
 * slower; the commonest also have a form for neighbouring elements, a quarter faster. Number loops see up to four kinds of arrays, which V8 still specializes for (measured: no loss on float32
 * after float64, int32 and uint8); those of int64 are apart, their elements being bigints.
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
export type NumberArray = Uint8Array | Int32Array | Float32Array | Float64Array;
export type NumberLoop = LoopOf<NumberArray>;

/** The loops of one element kind; a function that is not there is not for it. */
export interface Loops<A> {
  readonly unary: { readonly [fn in UnaryFn]?: LoopOf<A> };
  readonly binary: { readonly [fn in BinaryFn]?: LoopOf<A> };
  readonly select: LoopOf<A>;
}
