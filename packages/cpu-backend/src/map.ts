import {
  type Backend,
  type DType,
  isContiguous,
  type MapKernel,
  numel,
  type Shape,
  type Strided,
  typedArray,
  widerOf,
} from "@flambeau/backend";
import { castLoop, putScalar } from "./cast.ts";
import { Program } from "./program.ts";
import { BLOCK } from "./registers.ts";
import { ordinaryArray } from "./slab.ts";
import { Walk } from "./walk.ts";
import type { SimdHost } from "./wasm/simd.ts";
import { SIMD_FROM } from "./wasm/simd-map.ts";

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
 * See `Backend.map`. In a narrow dtype it is computed in the wider one, from which each result is rounded once; elements that only
 * move are bits.
 */
export function map(
  kernel: MapKernel,
  compute: DType,
  inputs: readonly Strided[],
  params: readonly (number | bigint)[],
  outputs: readonly Strided[],
): void {
  const wider = widerOf(compute);
  if (wider !== undefined && !isMove(kernel, compute, inputs, outputs)) {
    // An op's scalar is a value of its dtype. A kernel of several outputs is a chain of steps, whose scalars may be small.
    const scalars = outputs.length === 1 ? params.map((x) => heldBy(compute, wider, x)) : params;
    map(kernel, wider, inputs, scalars, outputs);
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

/** A scalar as the value of a narrow dtype that it becomes, in the wider one. */
function heldBy(narrow: DType, wider: DType, x: number | bigint): number {
  const cell = ordinaryArray(narrow, 1);
  putScalar(cell, 0, narrow, x);
  const value = typedArray(wider, 1);
  castLoop(wider, narrow)(1, value, 0, 1, cell, 0, 1, cell, 0, 0, cell, 0, 0);
  return Number(value[0]);
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
