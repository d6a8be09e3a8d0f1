import {
  type Backend,
  type DType,
  type Epilogue,
  type Expr,
  isFloat,
  matmulByDots,
  matmulInSlices,
  numel,
  type Shape,
  type Strided,
} from "@flambeau/backend";
import type { NumberArray } from "../interpreter/loops.ts";
import { type CpuStorage, dataOf } from "../memory/storage.ts";
import type { Gemm, Operands, Start } from "../wasm/gemm/gemm.ts";
import { asOneProduct } from "./batches.ts";
import { product } from "./gemm.ts";
import { map } from "./map.ts";
import type { Bias, Matrices } from "./matrices.ts";

/** Steps along k up to which a product is left to `gemm`, which sums blocks of 512; a longer one is done in slices. */
const LONG = 8192;
/** From so many steps on rows times a vector take less time as a reduction, which sums in double precision. */
const DOT_FROM = 32;

/** See `Backend.matmul`; `gemm` does what is large enough, where it can. */
export function matmul(
  device: Backend,
  gemm: Gemm,
  a: Strided,
  b: Strided,
  output: Strided,
  epilogue?: Epilogue,
): void {
  dataOf(a);
  dataOf(b);
  dataOf(output);
  const { shape, strides, dtype } = output;
  const batchDims = shape.length - 2;
  const tall = batchDims > 0 ? asOneProduct(a, b, output) : undefined;
  if (tall !== undefined && (epilogue === undefined || epilogue.inputs.every(isRow))) {
    matmul(device, gemm, tall.a, tall.b, tall.output, epilogue);
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
  if (simd !== undefined && dtype === "float32") {
    const slice = sliceOf(place);
    if (isDot(place)) matmulByDots(device, a, b, output, epilogue);
    else if (k > slice) matmulInSlices(device, a, b, output, slice, epilogue);
    if (isDot(place) || k > slice) return;
  }
  const bias = epilogue !== undefined && isBias(epilogue, dtype) ? epilogue.inputs[0] : undefined;
  if (batchDims > 0 || simd !== undefined) multiply(simd, place, a, b, output, bias);
  else {
    const start = bias && biasOf(bias, bias.offset, shape);
    product(dtype, place, dataOf(a), a.offset, dataOf(b), b.offset, dataOf(output), output.offset, start);
  }
  if (epilogue !== undefined && bias === undefined && numel(shape) > 0) {
    map(epilogue.kernel, dtype, [output, ...epilogue.inputs], epilogue.params, [output]);
  }
}

/** Whether it is rows times a vector, all of neighbouring elements. */
function isDot({ m, n, k, ak, bk }: Matrices): boolean {
  return (m === 1 || n === 1) && k >= DOT_FROM && ak === 1 && bk === 1;
}

/** Steps of a slice of a long product, so many that all slices' results are no more elements than the operands are. */
function sliceOf({ m, n }: Matrices): number {
  return Math.max(LONG, Math.ceil((m * n) / (m + n)));
}

/** The products of all batches, in WebAssembly if `simd` can: all at once, else one after the other. */
function multiply(
  simd: Gemm | undefined,
  p: Matrices,
  a: Strided,
  b: Strided,
  output: Strided,
  bias: Strided | undefined,
): void {
  const { shape } = output;
  const dtype = output.dtype as "float32" | "float64";
  const as = operandsOf(a, shape);
  const bs = operandsOf(b, shape);
  const os = operandsOf(output, shape);
  const start = bias && startOf(bias, shape);
  const count = os.offsets.length;
  if (count === 0 || simd?.multiply(dtype, p, as, bs, os, start)) return;
  const single = ({ storage, offsets }: Operands, t: number): Operands => ({
    storage,
    offsets: [offsets[t]],
  });
  for (let t = 0; t < count; t++) {
    const from = start && { ...start, ...single(start, t) };
    if (count > 1 && simd?.multiply(dtype, p, single(as, t), single(bs, t), single(os, t), from)) continue;
    // The arrays are read only now: `multiply` may have moved the memory.
    const own = bias && biasOf(bias, (start as Start).offsets[t], shape);
    product(dtype, p, dataOf(a), as.offsets[t], dataOf(b), bs.offsets[t], dataOf(output), os.offsets[t], own);
  }
}

/** Whether an operand is the same for every row. */
function isRow({ shape }: Strided): boolean {
  return shape.length < 2 || (shape.length === 2 && shape[0] === 1);
}

const sums: (boolean | undefined)[] = [];

/** Whether the epilogue is nothing but the addition of an operand, and the products are of floats, which can start from it. */
function isBias({ kernel, inputs }: Epilogue, dtype: DType): boolean {
  if (!isFloat(dtype)) return false;
  let known = sums[kernel.id];
  if (known === undefined) {
    const expr = kernel.outputs[0];
    const isInput = (e: Expr, index: number): boolean => e.kind === "input" && e.index === index;
    known = sums[kernel.id] =
      expr.kind === "binary" && expr.fn === "add" && isInput(expr.a, 0) && isInput(expr.b, 1);
  }
  return known && inputs[0].dtype === dtype;
}

function biasOf(operand: Strided, offset: number, shape: Shape): Bias {
  const data = dataOf(operand) as NumberArray;
  const dims = shape.length - 2;
  return { data, offset, bi: stepOf(operand, shape, dims), bj: stepOf(operand, shape, dims + 1) };
}

function startOf(operand: Strided, shape: Shape): Start {
  dataOf(operand);
  const dims = shape.length - 2;
  return {
    ...operandsOf(operand, shape),
    row: stepOf(operand, shape, dims),
    column: stepOf(operand, shape, dims + 1),
  };
}

/** Where the matrices of an operand begin that is broadcast to the output's batches. */
function operandsOf(operand: Strided, shape: Shape): Operands {
  const dims = shape.length - 2;
  let offsets = [operand.offset];
  for (let d = 0; d < dims; d++) {
    const step = stepOf(operand, shape, d);
    offsets = offsets.flatMap((at) => Array.from({ length: shape[d] }, (_, i) => at + i * step));
  }
  return { storage: operand.storage as CpuStorage, offsets };
}

/** The step of an operand along a dimension of the output; zero where it is broadcast. */
function stepOf(operand: Strided, shape: Shape, d: number): number {
  const at = d - (shape.length - operand.shape.length);
  return at < 0 || (operand.shape[at] === 1 && shape[d] !== 1) ? 0 : operand.strides[at];
}
