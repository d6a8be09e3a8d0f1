import { type Backend, numel, type Strided } from "@flambeau/backend";
import type { NumberArray } from "../interpreter/loops.ts";
import { Walk } from "../interpreter/walk.ts";
import { dataOf } from "../memory/storage.ts";
import type { SimdHost } from "../wasm/simd.ts";
import { gatherRun as gatherRun32 } from "./float32/index-runs.ts";
import { gatherRun } from "./index-runs.ts";
import { readIndices } from "./indices.ts";

const walk = new Walk();
const at = [0, 0, 0];
const by = [0, 0, 0];

/** See `Backend.gather`. */
export function gather(input: Strided, dim: number, index: Strided, output: Strided): void {
  for (const operand of [input, index, output]) dataOf(operand);
  const { simd } = output.storage.backend as Backend & SimdHost;
  if (simd.gather.run(input, dim, index, output)) return;
  // Room for it may have moved the memory, and what was a view of it.
  const x = dataOf(input);
  const o = dataOf(output);
  const { positions, shape: own } = readIndices(index, input.shape[dim] ?? 1);
  const shape = output.shape;
  if (numel(shape) === 0) return;
  walk.reset(shape);
  walk.add(output, shape);
  // Along `dim` the index says where to read; along the others input is read in step with the output.
  walk.addExcept(input.strides, shape, dim);
  walk.addRowMajor(own, shape);
  walk.merge();
  at[0] = output.offset;
  at[1] = input.offset;
  at[2] = 0;
  const jump = input.strides[dim] ?? 0;
  const along = walk.loopDim;
  const n = walk.sizes[along];
  walk.stepsAlong(along, by);
  const run = output.dtype === "float32" ? gatherRun32 : gatherRun;
  do run(n, o as NumberArray, at[0], by[0], x as NumberArray, at[1], by[1], positions, at[2], by[2], jump);
  while (walk.next(at, along));
}
