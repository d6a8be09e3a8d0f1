import { contiguousStrides, type Strided } from "@flambeau/backend";
import { readIndices } from "./indices.ts";
import type { NumberArray } from "./loops.ts";
import { dataOf } from "./storage.ts";
import { Walk } from "./walk.ts";

const walk = new Walk();
const at = [0, 0, 0];

/** See `Backend.gather`. */
export function gather(input: Strided, dim: number, index: Strided, output: Strided): void {
  const x = dataOf(input);
  const o = dataOf(output);
  const positions = readIndices(index, input.shape[dim] ?? 1);
  if (positions.length === 0) return;
  const shape = output.shape;
  walk.reset(shape);
  walk.add(output, shape);
  // Along `dim` the index says where to read; along the others input is read in step with the output.
  walk.add({ shape, strides: input.strides.map((step, d) => (d === dim ? 0 : step)) }, shape);
  walk.add({ shape, strides: contiguousStrides(shape) }, shape);
  walk.merge();
  at[0] = output.offset;
  at[1] = input.offset;
  at[2] = 0;
  const jump = input.strides[dim] ?? 0;
  const [[os], [xs], [ps]] = walk.steps;
  do gatherRun(walk.sizes[0], o as NumberArray, at[0], os, x as NumberArray, at[1], xs, positions, at[2], ps, jump);
  while (walk.next(at, 0));
}

function gatherRun(
  n: number,
  o: NumberArray,
  oi: number,
  os: number,
  x: NumberArray,
  xi: number,
  xs: number,
  positions: Int32Array,
  pi: number,
  ps: number,
  jump: number,
): void {
  for (; n > 0; n--, oi += os, xi += xs, pi += ps) o[oi] = x[xi + positions[pi] * jump];
}
