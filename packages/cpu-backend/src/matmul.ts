import {
  type DType,
  type Epilogue,
  type Expr,
  numel,
  type Shape,
  type Strided,
  type TypedArray,
} from "@flambeau/backend";
import { isSmall, product } from "./gemm.ts";
import type { NumberArray } from "./loops.ts";
import { map } from "./map.ts";
import type { Bias, Matrices } from "./matrices.ts";
import { dataOf } from "./storage.ts";

/** See `Backend.matmul`. */
export function matmul(a: Strided, b: Strided, output: Strided, epilogue?: Epilogue): void {
  const x = dataOf(a);
  const y = dataOf(b);
  const o = dataOf(output);
  const { shape, strides, dtype } = output;
  const batchDims = shape.length - 2;
  const m = shape[batchDims];
  const n = shape[batchDims + 1];
  const k = a.shape[a.shape.length - 1];
  const place: Matrices = {
    m,
    n,
    k,
    ai: a.strides[a.strides.length - 2],
    ak: a.strides[a.strides.length - 1],
    bk: b.strides[b.strides.length - 2],
    bj: b.strides[b.strides.length - 1],
    oi: strides[batchDims],
    oj: strides[batchDims + 1],
  };
  if (epilogue !== undefined && batchDims === 0 && isBias(epilogue, dtype) && isSmall(dtype, place)) {
    product(dtype, place, x, a.offset, y, b.offset, o, output.offset, biasOf(epilogue.inputs[0], shape));
    return;
  }
  if (batchDims === 0) product(dtype, place, x, a.offset, y, b.offset, o, output.offset);
  else eachBatch(dtype, place, a, x, b, y, output, o);
  if (epilogue !== undefined && numel(shape) > 0) {
    map(epilogue.kernel, dtype, [output, ...epilogue.inputs], epilogue.params, [output]);
  }
}

const sums: (boolean | undefined)[] = [];

/** Whether the epilogue is nothing but the addition of an operand. */
function isBias({ kernel, inputs }: Epilogue, dtype: DType): boolean {
  let known = sums[kernel.id];
  if (known === undefined) {
    const expr = kernel.outputs[0];
    const isInput = (e: Expr, index: number): boolean => e.kind === "input" && e.index === index;
    known = sums[kernel.id] =
      expr.kind === "binary" && expr.fn === "add" && isInput(expr.a, 0) && isInput(expr.b, 1);
  }
  return known && inputs[0].dtype === dtype;
}

function biasOf(operand: Strided, shape: Shape): Bias {
  const data = dataOf(operand) as NumberArray;
  const lead = 2 - operand.shape.length;
  const step = (d: number): number =>
    d < lead || (operand.shape[d - lead] === 1 && shape[d] !== 1) ? 0 : operand.strides[d - lead];
  return { data, offset: operand.offset, bi: step(0), bj: step(1) };
}

function eachBatch(
  dtype: DType,
  place: Matrices,
  a: Strided,
  x: TypedArray,
  b: Strided,
  y: TypedArray,
  output: Strided,
  o: TypedArray,
): void {
  const shape = output.shape;
  const dims = shape.length - 2;
  const count = numel(shape.slice(0, dims));
  for (let t = 0; t < count; t++) {
    let rest = t;
    let ao = a.offset;
    let bo = b.offset;
    let oo = output.offset;
    for (let d = dims - 1; d >= 0; d--) {
      const at = rest % shape[d];
      rest = (rest - at) / shape[d];
      oo += at * output.strides[d];
      ao += at * batchStride(a, d - dims);
      bo += at * batchStride(b, d - dims);
    }
    product(dtype, place, x, ao, y, bo, o, oo);
  }
}

/** The step along a batch dimension, counted from the last one (-1); zero where the operand is broadcast. */
function batchStride(operand: Strided, fromEnd: number): number {
  const d = operand.shape.length - 2 + fromEnd;
  return d < 0 || operand.shape[d] === 1 ? 0 : operand.strides[d];
}
