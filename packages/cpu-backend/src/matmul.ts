import {
  type DType,
  type Epilogue,
  type Expr,
  isFloat,
  numel,
  type Shape,
  type Strided,
} from "@flambeau/backend";
import { asOneProduct, batchStride } from "./batches.ts";
import { isSmall, product } from "./gemm.ts";
import type { NumberArray } from "./loops.ts";
import { map } from "./map.ts";
import type { Bias, Matrices } from "./matrices.ts";
import { type CpuStorage, dataOf } from "./storage.ts";
import type { Gemm, Start } from "./wasm/gemm.ts";

/** See `Backend.matmul`; `gemm` does what is large enough, where it can. */
export function matmul(gemm: Gemm, a: Strided, b: Strided, output: Strided, epilogue?: Epilogue): void {
  dataOf(a);
  dataOf(b);
  dataOf(output);
  const { shape, strides, dtype } = output;
  const batchDims = shape.length - 2;
  const tall = batchDims > 0 ? asOneProduct(a, b, output) : undefined;
  if (tall !== undefined && (epilogue === undefined || epilogue.inputs.every(isRow))) {
    matmul(gemm, tall.a, tall.b, tall.output, epilogue);
    return;
  }
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
  const simd = isFloat(dtype) && gemm.isWorthwhile(place) ? gemm : undefined;
  if (batchDims > 0) eachBatch(simd, place, a, b, output);
  else {
    const bias = epilogue !== undefined && isBias(epilogue, dtype) ? epilogue.inputs[0] : undefined;
    if (one(simd, place, a, a.offset, b, b.offset, output, output.offset, bias)) return;
  }
  if (epilogue !== undefined && numel(shape) > 0) {
    map(epilogue.kernel, dtype, [output, ...epilogue.inputs], epilogue.params, [output]);
  }
}

/** The product of one pair of matrices, in WebAssembly if `simd` can; whether it has added the bias. */
function one(
  simd: Gemm | undefined,
  p: Matrices,
  a: Strided,
  ao: number,
  b: Strided,
  bo: number,
  output: Strided,
  oo: number,
  bias?: Strided,
): boolean {
  const dtype = output.dtype;
  if (simd !== undefined) {
    const done = simd.multiply(
      dtype as "float32" | "float64",
      p,
      { storage: a.storage as CpuStorage, offset: ao },
      { storage: b.storage as CpuStorage, offset: bo },
      { storage: output.storage as CpuStorage, offset: oo },
      bias && startOf(bias, output.shape),
    );
    if (done) return bias !== undefined;
  }
  // The arrays are read only now: `multiply` may have moved the memory.
  const start = bias !== undefined && isSmall(dtype, p) ? biasOf(bias, output.shape) : undefined;
  product(dtype, p, dataOf(a), ao, dataOf(b), bo, dataOf(output), oo, start);
  return start !== undefined;
}

/** Whether an operand is the same for every row. */
function isRow({ shape }: Strided): boolean {
  return shape.length < 2 || (shape.length === 2 && shape[0] === 1);
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
  return { data, offset: operand.offset, bi: biasStep(operand, shape, 0), bj: biasStep(operand, shape, 1) };
}

function startOf(operand: Strided, shape: Shape): Start {
  dataOf(operand);
  return {
    storage: operand.storage as CpuStorage,
    offset: operand.offset,
    row: biasStep(operand, shape, 0),
    column: biasStep(operand, shape, 1),
  };
}

function biasStep(operand: Strided, shape: Shape, d: number): number {
  const lead = 2 - operand.shape.length;
  return d < lead || (operand.shape[d - lead] === 1 && shape[d] !== 1) ? 0 : operand.strides[d - lead];
}

function eachBatch(simd: Gemm | undefined, place: Matrices, a: Strided, b: Strided, output: Strided): void {
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
    one(simd, place, a, ao, b, bo, output, oo);
  }
}
