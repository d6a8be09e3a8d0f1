import {
  type DType,
  halfBits,
  halfValue,
  isHalf,
  numel,
  type ScatterMode,
  type Strided,
} from "@flambeau/backend";
import type { NumberArray } from "../interpreter/loops.ts";
import { Walk } from "../interpreter/walk.ts";
import { dataOf } from "../memory/storage.ts";
import type { SimdWindows } from "../wasm/simd-windows.ts";
import * as runs32 from "./float32/index-runs.ts";
import type { IndexRun } from "./index-runs.ts";
import * as runsOfOthers from "./index-runs.ts";
import { readIndices } from "./indices.ts";

const walk = new Walk();
const at = [0, 0, 0];
const by = [0, 0, 0];

type Runs = typeof runsOfOthers;

function runOf(mode: ScatterMode, dtype: DType, runs: Runs): IndexRun {
  if (mode === "set") return runs.setRun;
  if (isHalf(dtype)) return halfRun(mode, dtype);
  if (mode === "mul") return dtype === "int32" ? runs.intMulRun : runs.mulRun;
  return dtype === "bool" ? runs.orRun : runs.addRun;
}

/** Rounds to a 16-bit float with each element, as PyTorch does. */
function halfRun(mode: ScatterMode, dtype: DType): IndexRun {
  const [bits, value] = [halfBits(dtype), halfValue(dtype)];
  return (n, o, oi, os, x, xi, xs, positions, pi, ps, jump) => {
    for (; n > 0; n--, oi += os, xi += xs, pi += ps) {
      const at = oi + positions[pi] * jump;
      const [a, b] = [value(o[at]), value(x[xi])];
      o[at] = bits(mode === "add" ? a + b : a * b);
    }
  };
}

/** See `Backend.scatter`. The index has the source's shape. Pooling, whose derivative this is, brings `simd` along. */
export function scatter(
  simd: SimdWindows | undefined,
  mode: ScatterMode,
  output: Strided,
  dim: number,
  index: Strided,
  source: Strided,
): void {
  const o = dataOf(output);
  const x = dataOf(source);
  dataOf(index);
  if (mode === "add" && dim === index.shape.length - 1 && simd?.scatterAdd(output, index, source)) return;
  const { positions, shape: own } = readIndices(index, output.shape[dim] ?? 1);
  const shape = index.shape;
  if (numel(shape) === 0) return;
  walk.reset(shape);
  walk.addExcept(output.strides, shape, dim);
  walk.add(source, shape);
  walk.addRowMajor(own, shape);
  walk.merge();
  at[0] = output.offset;
  at[1] = source.offset;
  at[2] = 0;
  const jump = output.strides[dim] ?? 0;
  // Elements with one target differ in their index along `dim` only, and every order of loops goes up along it.
  const along = walk.loopDim;
  const n = walk.sizes[along];
  walk.stepsAlong(along, by);
  const runs = output.dtype === "float32" ? runs32 : runsOfOthers;
  const run = runOf(mode, output.dtype, runs);
  do run(n, o as NumberArray, at[0], by[0], x as NumberArray, at[1], by[1], positions, at[2], by[2], jump);
  while (walk.next(at, along));
}
