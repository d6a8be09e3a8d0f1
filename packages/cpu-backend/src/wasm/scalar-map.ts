import { type Backend, type DType, type MapKernel, type Strided, typedArray } from "@flambeau/backend";
import { putScalar } from "../interpreter/cast.ts";
import { Walk } from "../interpreter/walk.ts";
import type { Arena } from "../memory/arena.ts";
import type { CpuStorage } from "../memory/storage.ts";
import { InstanceCache, ModuleCache, type Run } from "./codegen/compiled.ts";
import { hasSimd } from "./codegen/features.ts";
import { addressOf, extentOf, fitsSlot, isInWasm, stageIn, stageOut } from "./operands.ts";
import { OPERAND, type ScalarOperand, scalarModule } from "./scalar-module.ts";
import { DTYPES, layouts, type ScalarDType } from "./scalar-values.ts";
import { MAX_OPERANDS, type Scratch } from "./scratch.ts";

/** From here on a kernel is compiled when it is first met; with fewer elements when it has been met so often. */
const AT_ONCE = 1025;
const OFTEN = 50;

const modules = new ModuleCache();
const walk = new Walk();

/** The numbers of forms are whole up to so many operands. */
const MOST = Math.min(10, MAX_OPERANDS);
/** Rows from which on the engine's copy of a row is faster. */
const LONG_ROW = 256;

/** How often a kernel could have been compiled and was not. */
const passed: number[] = [];
/** For which compute dtypes, a bit each, a kernel has a function without such code. */
const unable: number[] = [];

/**
 * Maps over elements of any dtype and with any steps, one by one, on one memory: integers, doubles, truths, conversions, and
 * moves of what does not lie in rows. They give the same bits as JavaScript's loops, in a fraction of their time.
 */
export class ScalarMap {
  readonly #device: Backend;
  readonly #arena: Arena;
  readonly #scratch: Scratch;
  readonly #instances = new InstanceCache();
  readonly #args: (number | bigint)[] = [];

  constructor(device: Backend, arena: Arena, scratch: Scratch) {
    this.#device = device;
    this.#arena = arena;
    this.#scratch = scratch;
  }

  /** Runs a kernel over `n` elements if there is such code for it and its operands; otherwise false, and nothing was done. */
  run(
    kernel: MapKernel,
    compute: DType,
    inputs: readonly Strided[],
    params: readonly (number | bigint)[],
    outputs: readonly Strided[],
    n: number,
  ): boolean {
    const operands = [...outputs, ...inputs];
    if (operands.length > MOST || !isScalar(compute) || !hasSimd()) return false;
    if ((unable[kernel.id] ?? 0) & (1 << DTYPES.indexOf(compute))) return false;
    if (n < AT_ONCE) {
      passed[kernel.id] = (passed[kernel.id] ?? 0) + 1;
      if (passed[kernel.id] < OFTEN) return false;
    }
    walk.reset(outputs[0].shape);
    for (const operand of operands) walk.add(operand, outputs[0].shape);
    walk.merge();
    if (isRowCopy(kernel, operands)) return false;
    const isStaged = operands.map((operand) => !isInWasm(operand, this.#device));
    for (let p = 0; p < operands.length; p++) {
      const { dtype, storage } = operands[p];
      if (!isScalar(dtype) || (storage as CpuStorage).released) return false;
      if (!isStaged[p]) continue;
      const extent = extentOf(walk, p);
      // An output with gaps would have to be read first.
      if (!fitsSlot(extent, layouts[dtype].size) || (p < outputs.length && extent !== n)) return false;
    }
    if (isStaged.includes(true) && !this.#scratch.prepare()) return false;
    const along = walk.loopDim;
    const run = this.#runOf(kernel, compute, operands, outputs.length, along);
    if (run === null) return false;
    this.#call(run, compute, operands, isStaged, params, along);
    for (let p = 0; p < outputs.length; p++) {
      if (!isStaged[p]) continue;
      const size = layouts[outputs[p].dtype as ScalarDType].size;
      stageOut(this.#scratch, outputs[p], outputs[p].offset, n, size, this.#scratch.slot(p));
    }
    return true;
  }

  #runOf(
    kernel: MapKernel,
    compute: ScalarDType,
    operands: readonly Strided[],
    outputs: number,
    along: number,
  ): Run | null {
    const forms = operands.map(({ dtype }, p): ScalarOperand => {
      const step = walk.steps[p][along];
      return { dtype: dtype as ScalarDType, step: step === 0 ? "stay" : step === 1 ? "next" : "given" };
    });
    let form = DTYPES.indexOf(compute);
    for (const { dtype, step } of forms)
      form = form * 24 + DTYPES.indexOf(dtype) * 3 + (step === "stay" ? 0 : step === "next" ? 1 : 2);
    const known = this.#instances.get(kernel.id, form);
    if (known !== undefined) return known;
    const run = this.#instances.make(modules, kernel.id, form, this.#arena.memory, (shared) =>
      scalarModule(kernel.outputs, {
        compute,
        outputs: forms.slice(0, outputs),
        inputs: forms.slice(outputs),
        params: kernel.params,
        shared,
      }),
    );
    if (run === null) unable[kernel.id] = (unable[kernel.id] ?? 0) | (1 << DTYPES.indexOf(compute));
    return run;
  }

  /** One call does the loop's dimension and one more; the others are walked over here. */
  #call(
    run: Run,
    compute: ScalarDType,
    operands: readonly Strided[],
    isStaged: readonly boolean[],
    params: readonly (number | bigint)[],
    along: number,
  ): void {
    const args = this.#args;
    const scratch = this.#scratch;
    const outer = Array.from({ length: walk.ndim }, (_, d) => d)
      .filter((d) => d !== along)
      .sort((a, b) => walk.sizes[a] - walk.sizes[b]);
    const across = outer.pop();
    args.length = 2;
    args[0] = across === undefined ? 1 : walk.sizes[across];
    args[1] = walk.sizes[along];
    operands.forEach((operand, p) => {
      const size = layouts[operand.dtype as ScalarDType].size;
      let address = addressOf(operand, size);
      if (isStaged[p]) {
        address = scratch.slot(p);
        stageIn(scratch, operand, operand.offset, extentOf(walk, p), size, address);
      }
      const steps = walk.steps[p];
      args.push(address, steps[along] * size, across === undefined ? 0 : steps[across] * size);
    });
    const scalar = typedArray(compute, 1);
    for (const param of params) {
      putScalar(scalar, 0, compute, param);
      args.push(scalar[0]);
    }
    const each = (k: number): void => {
      if (k < 0) {
        run(...(args as number[]));
        return;
      }
      const d = outer[k];
      const move = (by: number): void => {
        operands.forEach(({ dtype }, p) => {
          (args[2 + OPERAND * p] as number) += by * walk.steps[p][d] * layouts[dtype as ScalarDType].size;
        });
      };
      for (let i = 0; i < walk.sizes[d]; i++) {
        each(k - 1);
        move(1);
      }
      move(-walk.sizes[d]);
    };
    each(outer.length - 1);
  }
}

function isScalar(dtype: DType): dtype is ScalarDType {
  return (DTYPES as readonly DType[]).includes(dtype);
}

/** A copy of long rows, or one row, without a conversion. */
function isRowCopy({ outputs }: MapKernel, operands: readonly Strided[]): boolean {
  if (outputs.length > 1 || outputs[0].kind !== "input" || operands[0].dtype !== operands[1].dtype)
    return false;
  return walk.steps[0][0] === 1 && walk.steps[1][0] <= 1 && (walk.ndim === 1 || walk.sizes[0] >= LONG_ROW);
}
