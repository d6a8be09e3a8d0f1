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
import { product } from "./gemm.ts";
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
  const bias = epilogue !== undefined && isBias(epilogue, dtype) ? epilogue.inputs[0] : undefined;
  if (batchDims > 0) {
    if (eachBatch(simd, place, a, b, output, bias)) return;
  } else if (one(simd, place, a, a.offset, b, b.offset, output, output.offset, bias)) return;
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
  const start = bias !== undefined && isFloat(dtype) ? biasOf(bias, output.shape) : undefined;
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
    row: biasStep(operand, shape, shape.length - 2),
    column: biasStep(operand, shape, shape.length - 1),
  };
}

/** The step of a bias along a dimension of the output; zero where it is broadcast. */
function biasStep(operand: Strided, shape: Shape, d: number): number {
  const at = d - (shape.length - operand.shape.length);
  return at < 0 || (operand.shape[at] === 1 && shape[d] !== 1) ? 0 : operand.strides[at];
}

/** The products of all batches; whether the bias was added. */
function eachBatch(
  simd: Gemm | undefined,
  place: Matrices,
  a: Strided,
  b: Strided,
  output: Strided,
  bias?: Strided,
): boolean {
  const { shape } = output;
  const dims = shape.length - 2;
  const count = numel(shape.slice(0, dims));
  const offsets = (operand: Strided, step: (d: number) => number): number[] => {
    const steps = Array.from({ length: dims }, (_, d) => step(d));
    return Array.from({ length: count }, (_, t) => {
      let at = operand.offset;
      for (let d = dims - 1, rest = t; d >= 0; d--) {
        at += (rest % shape[d]) * steps[d];
        rest = Math.floor(rest / shape[d]);
      }
      return at;
    });
  };
  const [as, bs] = [a, b].map((x) => offsets(x, (d) => batchStride(x, d - dims)));
  const os = offsets(output, (d) => output.strides[d]);
  if (simd !== undefined && count > 0) {
    const operands = (x: Strided, at: readonly number[]) => ({
      storage: x.storage as CpuStorage,
      offsets: at,
    });
    const start = bias && {
      ...operands(
        bias,
        offsets(bias, (d) => biasStep(bias, shape, d)),
      ),
      row: biasStep(bias, shape, dims),
      column: biasStep(bias, shape, dims + 1),
    };
    if (bias !== undefined) dataOf(bias);
    const many = { a: operands(a, as), b: operands(b, bs), o: operands(output, os), start };
    if (simd.multiplyMany(output.dtype as "float32" | "float64", place, many)) return bias !== undefined;
  }
  for (let t = 0; t < count; t++) one(simd, place, a, as[t], b, bs[t], output, os[t]);
  return false;
}
