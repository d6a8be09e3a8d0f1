import { warn } from "@flambeau/backend";
import { ModuleBuilder } from "./assembler.ts";
import { compile } from "./compiled.ts";
import { control, f32x4, i32x4 } from "./opcodes.ts";

/** A module with one function. */
function moduleOf(write: (module: ModuleBuilder) => void): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  write(module);
  return module.encode();
}

function isValid(bytes: Uint8Array<ArrayBuffer>): boolean {
  return typeof WebAssembly !== "undefined" && WebAssembly.validate(bytes);
}

let simd: boolean | undefined;
let relaxed: boolean | undefined;

/**
 * Whether the runtime has 128-bit SIMD and may compile it. Kernels that need it are not made without it. A page's policy
 * that forbids to compile does not show in what is valid, so the first call compiles a module.
 */
export function hasSimd(): boolean {
  if (simd === undefined) {
    const bytes = moduleOf((module) => module.function([], []).i32(0).op(i32x4.splat).op(control.drop));
    const valid = isValid(bytes);
    simd = valid && compile(bytes) !== null;
    if (valid && !simd) warn(FORBIDDEN);
  }
  return simd;
}

const FORBIDDEN =
  "WebAssembly may not be compiled here, so large operations run in JavaScript, several times slower. " +
  "If this is a page's Content Security Policy, add 'wasm-unsafe-eval' to its script-src";

/** Whether it has the relaxed multiply-add, one instruction where the processor has one; Node 20 lacks it. */
export function hasRelaxedSimd(): boolean {
  relaxed ??=
    hasSimd() &&
    isValid(
      moduleOf((module) =>
        module.function([], []).f32x4(0).f32x4(0).f32x4(0).op(f32x4.relaxed_madd).op(control.drop),
      ),
    );
  return relaxed;
}

/** Whether the relaxed multiply-add rounds once here, as a processor's own instruction does, and not the product first. */
export function fusesOnce(): boolean {
  if (!hasRelaxedSimd()) return false;
  const compiled = compile(
    moduleOf((module) => {
      const code = module.function(["f32", "f32"], ["f32"]);
      code.get(0).op(f32x4.splat).get(0).op(f32x4.splat).get(1).op(f32x4.splat);
      code.op(f32x4.relaxed_madd).lane(f32x4.extract_lane, 0);
      module.export("run", code);
    }),
  );
  if (compiled === null) return false;
  const { run } = new WebAssembly.Instance(compiled.module).exports as unknown as {
    run(a: number, b: number): number;
  };
  // The last bit of the square is one that float32 has no room for.
  return run(1 + 2 ** -12, -1 - 2 ** -11) === 2 ** -24;
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
