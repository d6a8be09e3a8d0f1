import {
  type Backend,
  contiguousStrides,
  type DType,
  halfBits,
  halfValue,
  input,
  isContiguous,
  isHalf,
  itemSize,
  MapKernel,
  numel,
  type Shape,
  type Storage,
  type Strided,
} from "@flambeau/backend";
import { Program } from "../interpreter/program.ts";
import { BLOCK } from "../interpreter/registers.ts";
import { Walk } from "../interpreter/walk.ts";
import type { SimdHost } from "../wasm/simd.ts";
import { SIMD_FROM } from "../wasm/simd-map.ts";

/** With fewer elements a call of scalar code takes longer than JavaScript's loops. */
const SCALAR_FROM = 128;

const programs: (Program | undefined)[] = [];

/** The kernel lowered for a compute dtype; made on first use. */
export function programFor(kernel: MapKernel, compute: DType): Program {
  const first = programs[kernel.id];
  for (let program = first; program !== undefined; program = program.next) {
    if (program.compute === compute) return program;
  }
  const program = new Program(compute, kernel.inputs, kernel.params, kernel.outputs);
  program.next = first;
  programs[kernel.id] = program;
  return program;
}

/**
 * See `Backend.map`. What is to be computed in 16-bit floats is in float32, from which each result is rounded once; elements that
 * only move are bits.
 */
export function map(
  kernel: MapKernel,
  compute: DType,
  inputs: readonly Strided[],
  params: readonly (number | bigint)[],
  outputs: readonly Strided[],
): void {
  if (isHalf(compute) && !isMove(kernel, compute, inputs, outputs)) {
    // An op's scalar is a value of its dtype. A kernel of several outputs is a chain of steps, whose scalars may be small.
    const scalars = outputs.length === 1 ? params.map((x) => heldBy(compute, x)) : params;
    withHalves(kernel, compute, inputs, (rounded) => map(kernel, "float32", rounded, scalars, outputs));
    return;
  }
  const n = numel(outputs[0].shape);
  if (n >= SIMD_FROM) {
    const { simd } = outputs[0].storage.backend as Backend & SimdHost;
    if (compute === "float32" && simd.map.run(kernel, inputs, params, outputs, n)) return;
    if (n >= SCALAR_FROM) {
      if (simd.scalars === undefined) simd.loadScalars();
      else if (simd.scalars.run(kernel, compute, inputs, params, outputs, n)) return;
    }
  }
  const program = programFor(kernel, compute);
  program.setParams(params);
  for (let i = 0; i < inputs.length; i++) program.bindInput(i, inputs[i]);
  for (let k = 0; k < outputs.length; k++) program.bindOutput(k, outputs[k]);
  if (n === 0) return;
  if (isFlat(program, n, inputs, outputs)) runFlat(program, n);
  else runStrided(program, inputs, outputs);
  if (n > BLOCK) program.unbind();
}

/** Whether elements are copied as they are. */
function isMove(
  { outputs: [expr] }: MapKernel,
  dtype: DType,
  inputs: readonly Strided[],
  outputs: readonly Strided[],
): boolean {
  return (
    outputs.length === 1 &&
    expr.kind === "input" &&
    inputs[expr.index].dtype === dtype &&
    outputs[0].dtype === dtype
  );
}

/**
 * Runs a kernel on its inputs as values of a dtype of 16-bit floats: those of other dtypes are rounded to it first, but for a copy
 * and for numbers of one byte, which it holds.
 */
export function withHalves(
  { outputs: [expr] }: MapKernel,
  dtype: DType,
  inputs: readonly Strided[],
  run: (rounded: readonly Strided[]) => void,
): void {
  const made: Storage[] = [];
  const rounded = inputs.map((x) => {
    if (x.dtype === dtype || itemSize(x.dtype) === 1 || expr.kind === "input") return x;
    const { shape } = x;
    const { backend } = x.storage;
    const storage = backend.allocate(dtype, numel(shape));
    made.push(storage);
    const half = { storage, dtype, shape, strides: contiguousStrides(shape), offset: 0 };
    map(copy, x.dtype, [x], [], [half]);
    return half;
  });
  try {
    run(rounded);
  } finally {
    for (const storage of made) storage.backend.release(storage);
  }
}

const copy = new MapKernel("copy", 1, 0, [input(0)]);

/** A scalar as the value of a dtype of 16-bit floats that it becomes. */
function heldBy(dtype: DType, x: number | bigint): number {
  return halfValue(dtype)(halfBits(dtype)(Number(x)));
}

/** Whether one step from 0 to n walks everything; if so, the program's places are set. */
function isFlat(
  program: Program,
  n: number,
  inputs: readonly Strided[],
  outputs: readonly Strided[],
): boolean {
  for (let k = 0; k < outputs.length; k++) {
    const { shape, strides, offset } = outputs[k];
    if (!isContiguous(shape, strides)) return false;
    program.at[inputs.length + k] = offset;
    program.by[inputs.length + k] = 1;
  }
  for (let i = 0; i < inputs.length; i++) {
    const { shape, strides, offset } = inputs[i];
    const size = numel(shape);
    if (size === 1) program.by[i] = n === 1 ? 1 : 0;
    else if (size === n && isContiguous(shape, strides)) program.by[i] = 1;
    else return false;
    program.at[i] = offset;
  }
  return true;
}

function runFlat(program: Program, n: number): void {
  for (;;) {
    if (n <= BLOCK) {
      program.run(n);
      return;
    }
    program.run(BLOCK);
    n -= BLOCK;
    for (let p = 0; p < program.inputs + program.outputs; p++) program.at[p] += program.by[p] * BLOCK;
  }
}

const walk = new Walk();

function runStrided(program: Program, inputs: readonly Strided[], outputs: readonly Strided[]): void {
  const shape: Shape = outputs[0].shape;
  const { at, by } = program;
  walk.reset(shape);
  for (let i = 0; i < inputs.length; i++) walk.add(inputs[i], shape);
  for (let k = 0; k < outputs.length; k++) walk.add(outputs[k], shape);
  walk.merge();
  const along = walk.loopDim;
  const length = walk.sizes[along];
  walk.stepsAlong(along, by);
  for (let start = 0; start < length; start += BLOCK) {
    for (let i = 0; i < inputs.length; i++) at[i] = inputs[i].offset + start * by[i];
    for (let k = 0; k < outputs.length; k++) {
      const p = inputs.length + k;
      at[p] = outputs[k].offset + start * by[p];
    }
    do program.run(Math.min(BLOCK, length - start));
    while (walk.next(at, along));
  }
}
