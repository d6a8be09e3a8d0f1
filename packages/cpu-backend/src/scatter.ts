import { contiguousStrides, type ScatterMode, type Strided } from "@flambeau/backend";
import { readIndices } from "./indices.ts";
import type { NumberArray } from "./loops.ts";
import { dataOf } from "./storage.ts";
import { Walk } from "./walk.ts";

const walk = new Walk();
const at = [0, 0, 0];

/** See `Backend.scatter`. The index has the source's shape. */
export function scatter(mode: ScatterMode, output: Strided, dim: number, index: Strided, source: Strided): void {
  const o = dataOf(output);
  const x = dataOf(source);
  const positions = readIndices(index, output.shape[dim] ?? 1);
  if (positions.length === 0) return;
  const shape = index.shape;
  walk.reset(shape);
  walk.add({ shape, strides: output.strides.map((step, d) => (d === dim ? 0 : step)) }, shape);
  walk.add({ shape, strides: source.strides }, shape);
  walk.add({ shape, strides: contiguousStrides(shape) }, shape);
  walk.merge();
  at[0] = output.offset;
  at[1] = source.offset;
  at[2] = 0;
  const jump = output.strides[dim] ?? 0;
  const [[os], [xs], [ps]] = walk.steps;
  const n = walk.sizes[0];
  do {
    if (mode === "set") setRun(n, o as NumberArray, at[0], os, x as NumberArray, at[1], xs, positions, at[2], ps, jump);
    else if (output.dtype === "bool") orRun(n, o as Uint8Array, at[0], os, x as Uint8Array, at[1], xs, positions, at[2], ps, jump);
    else addRun(n, o as NumberArray, at[0], os, x as NumberArray, at[1], xs, positions, at[2], ps, jump);
  } while (walk.next(at, 0));
}

type ScatterRun<A> = (
  n: number,
  o: A,
  oi: number,
  os: number,
  x: A,
  xi: number,
  xs: number,
  positions: Int32Array,
  pi: number,
  ps: number,
  jump: number,
) => void;

const setRun: ScatterRun<NumberArray> = (n, o, oi, os, x, xi, xs, positions, pi, ps, jump) => {
  for (; n > 0; n--, oi += os, xi += xs, pi += ps) o[oi + positions[pi] * jump] = x[xi];
};

const addRun: ScatterRun<NumberArray> = (n, o, oi, os, x, xi, xs, positions, pi, ps, jump) => {
  for (; n > 0; n--, oi += os, xi += xs, pi += ps) o[oi + positions[pi] * jump] += x[xi];
};

const orRun: ScatterRun<Uint8Array> = (n, o, oi, os, x, xi, xs, positions, pi, ps, jump) => {
  for (; n > 0; n--, oi += os, xi += xs, pi += ps) o[oi + positions[pi] * jump] |= x[xi];
};
