import { ModuleBuilder } from "./assembler.ts";
import { control, f32x4, i32x4 } from "./opcodes.ts";

/** Whether a module with one function is valid here. */
function accepts(write: (module: ModuleBuilder) => void): boolean {
  try {
    const module = new ModuleBuilder();
    write(module);
    return WebAssembly.validate(module.encode());
  } catch {
    return false;
  }
}

let simd: boolean | undefined;
let relaxed: boolean | undefined;

/** Whether the runtime has 128-bit SIMD. Kernels that need it are not made without it. */
export function hasSimd(): boolean {
  simd ??=
    typeof WebAssembly !== "undefined" &&
    accepts((module) => module.function([], []).i32(0).op(i32x4.splat).op(control.drop));
  return simd;
}

/** Whether it has the relaxed multiply-add, one instruction where the processor has one; Node 20 lacks it. */
export function hasRelaxedSimd(): boolean {
  relaxed ??=
    hasSimd() &&
    accepts((module) =>
      module.function([], []).f32x4(0).f32x4(0).f32x4(0).op(f32x4.relaxed_madd).op(control.drop),
    );
  return relaxed;
}

/** A kernel on fewer elements gives the same bits on every engine, so that small programs print the same everywhere. */
const FUSED_FROM = 1025;

/** Whether a kernel on so many elements is made with the relaxed multiply-add. */
export function isFused(elements: number): boolean {
  return elements >= FUSED_FROM && hasRelaxedSimd();
}

/** For tests: what to believe instead of asking the runtime; undefined asks again. */
export function pretend(what: { simd?: boolean; relaxed?: boolean }): void {
  simd = what.simd;
  relaxed = what.relaxed;
}
