import { type DType, type Epilogue, type Expr, numel, type Shape, type Strided } from "@flambeau/backend";
import { isSmall, product } from "./gemm.ts";
import type { NumberArray } from "./loops.ts";
import { map } from "./map.ts";
import type { Bias, Matrices } from "./matrices.ts";
import { type CpuStorage, dataOf } from "./storage.ts";
import type { Gemm, Start } from "./wasm/gemm.ts";

/** See `Backend.matmul`; `gemm` does what is large enough, where it can. */
export function matmul(gemm: Gemm, a: Strided, b: Strided, output: Strided, epilogue?: Epilogue): void {
  for (const operand of [a, b, output]) dataOf(operand);
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
  if (batchDims > 0) eachBatch(gemm, dtype, place, a, b, output);
  else if (epilogue !== undefined && isBias(epilogue, dtype)) {
    const operand = epilogue.inputs[0];
    const bias = biasOf(operand, shape);
    const start = {
      storage: operand.storage as CpuStorage,
      offset: bias.offset,
      row: bias.bi,
      column: bias.bj,
    };
    if (inWasm(gemm, dtype, place, a, a.offset, b, b.offset, output, output.offset, start)) return;
    if (isSmall(dtype, place)) {
      product(dtype, place, dataOf(a), a.offset, dataOf(b), b.offset, dataOf(output), output.offset, bias);
      return;
    }
    product(dtype, place, dataOf(a), a.offset, dataOf(b), b.offset, dataOf(output), output.offset);
  } else one(gemm, dtype, place, a, a.offset, b, b.offset, output, output.offset);
  if (epilogue !== undefined && numel(shape) > 0) {
    map(epilogue.kernel, dtype, [output, ...epilogue.inputs], epilogue.params, [output]);
  }
}

/** Whether the product was made in WebAssembly. */
function inWasm(
  gemm: Gemm,
  dtype: DType,
  place: Matrices,
  a: Strided,
  ao: number,
  b: Strided,
  bo: number,
  output: Strided,
  oo: number,
  start?: Start,
): boolean {
  return (
    (dtype === "float32" || dtype === "float64") &&
    gemm.isWorthwhile(place) &&
    gemm.multiply(
      dtype,
      place,
      { storage: a.storage as CpuStorage, offset: ao },
      { storage: b.storage as CpuStorage, offset: bo },
      { storage: output.storage as CpuStorage, offset: oo },
      start,
    )
  );
}

/** The product of one pair of matrices. */
function one(
  gemm: Gemm,
  dtype: DType,
  place: Matrices,
  a: Strided,
  ao: number,
  b: Strided,
  bo: number,
  output: Strided,
  oo: number,
): void {
  if (inWasm(gemm, dtype, place, a, ao, b, bo, output, oo)) return;
  product(dtype, place, dataOf(a), ao, dataOf(b), bo, dataOf(output), oo);
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

function eachBatch(gemm: Gemm, dtype: DType, place: Matrices, a: Strided, b: Strided, output: Strided): void {
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
    one(gemm, dtype, place, a, ao, b, bo, output, oo);
  }
}

/** The step along a batch dimension, counted from the last one (-1); zero where the operand is broadcast. */
function batchStride(operand: Strided, fromEnd: number): number {
  const d = operand.shape.length - 2 + fromEnd;
  return d < 0 || operand.shape[d] === 1 ? 0 : operand.strides[d];
}
