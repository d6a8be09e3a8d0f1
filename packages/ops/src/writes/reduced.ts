/** Elements scattered to places of a tensor, and reduced where several meet. */
import { derived } from "@flambeau/autograd";
import { contiguousStrides, isFloat, type Shape } from "@flambeau/backend";
import { clampMin, div, gather, onesLike, scatter, scatterAdd, Tensor, zerosLike } from "@flambeau/tensor";
import { onHost } from "../order/host.ts";
import { checkPosition } from "./checks.ts";

export type Reduce = "sum" | "prod" | "mean" | "amax" | "amin";

/** What is there counts beside what is scattered ("counted"); only as a bound of extremes, without a gradient; or not at all. */
export type Self = "counted" | "bound" | "ignored";

/** What all reductions are given: a tensor, and where the elements of a source of the index's shape go along a dimension. */
export interface Scattered {
  readonly x: Tensor;
  readonly dim: number;
  readonly index: Tensor;
  readonly src: Tensor;
}

/** The tensor after elements have been scattered to it. `name` is PyTorch's for the node. */
export function reduced(name: string, reduce: Reduce, given: Scattered, self: Self): Tensor {
  if (reduce === "amax" || reduce === "amin") return extreme(name, reduce, given, self);
  const { x, dim, index, src } = given;
  const from = self === "ignored" ? scatter(x, dim, index, reduce === "prod" ? 1 : 0) : x;
  if (reduce === "prod") return scatter(from, dim, index, src, { reduce: "multiply" });
  const sums = scatterAdd(from, dim, index, src);
  if (reduce === "sum") return sums;
  const own = self === "ignored" ? zerosLike(x) : onesLike(x);
  const counts = clampMin(scatterAdd(own.detach(), dim, index, onesLike(src).detach()), 1);
  return isFloat(x.dtype) ? div(sums, counts) : div(sums, counts, { roundingMode: "floor" });
}

/** The largest or smallest elements; their gradient is shared equally by equal ones. */
function extreme(name: string, op: "amax" | "amin", given: Scattered, self: Self): Tensor {
  const { dim, index } = given;
  const [out] = derived(
    {
      name,
      readsInputs: true,
      run: ([x, src]) => [extremes(op, { x, src, dim, index }, self)],
      backward: ({ grads: [g], inputs: [x, src], outputs: [y], needs }) => {
        const [best, own] = [y.detach(), x.detach()];
        const chosen = src
          .detach()
          .eq(gather(best, dim, index))
          .to(x.dtype);
        const same = own.eq(best).to(x.dtype);
        const kept = self === "counted" ? same : scatter(same, dim, index, 0);
        const many = scatterAdd(kept, dim, index, chosen);
        const share = (g as Tensor).div(self === "bound" ? clampMin(many, 1) : many);
        return [needs[0] ? kept.mul(share) : null, needs[1] ? chosen.mul(gather(share, dim, index)) : null];
      },
    },
    given.x,
    given.src,
  );
  return out;
}

function extremes(op: "amax" | "amin", { x, dim, index, src }: Scattered, self: Self): Tensor {
  const out = Tensor.empty(x.storage.backend, x.shape, x.dtype);
  const placeOf = places(x.shape, dim, index.shape);
  onHost([x, src, index], [out], ([before, elements, positions], [results]) => {
    results.set(before as never);
    const isFresh = new Uint8Array(self === "ignored" ? results.length : 0).fill(1);
    const isBetter = op === "amax" ? (a: number, b: number) => a > b : (a: number, b: number) => a < b;
    for (let i = 0; i < elements.length; i++) {
      const position = Number(positions[i]);
      checkPosition(position, dim, x.shape[dim]);
      const place = placeOf(i, position);
      const [element, held] = [elements[i], results[place]];
      // biome-ignore lint/suspicious/noSelfCompare: nan alone differs from itself, and no bigint does
      if (isFresh[place] === 1 || element !== element || isBetter(element, held)) results[place] = element;
      if (isFresh.length > 0) isFresh[place] = 0;
    }
  });
  return out;
}

/** Where element `i` of an index in row-major order goes, given its position along the dimension. */
function places(shape: Shape, dim: number, indexShape: Shape): (i: number, position: number) => number {
  const [to, from] = [contiguousStrides(shape), contiguousStrides(indexShape)];
  return (i, position) => {
    let place = position * to[dim];
    for (let d = 0, rest = i; d < from.length; d++) {
      const k = Math.floor(rest / from[d]);
      rest -= k * from[d];
      if (d !== dim) place += k * to[d];
    }
    return place;
  };
}
