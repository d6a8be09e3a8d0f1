import { floorDivide, power, remainder } from "../scalar-float.ts";
import type { ScalarName } from "./graph.ts";

/** A kernel's function: rows, elements of a row, addresses and distances between rows, params. */
export type Run = (...args: number[]) => void;

const scalar: Readonly<Record<ScalarName, (a: number, b: number) => number>> = {
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  pow: power,
  fmod: (a, b) => a % b,
  mod: remainder,
  floordiv: floorDivide,
  atan2: Math.atan2,
};

/**
 * Modules made of kernels, by the kernel's id and the form it was compiled for; null where it cannot be. All memories share
 * them, each has instances of its own.
 */
export class ModuleCache {
  readonly #modules: (Map<number, WebAssembly.Module | null> | undefined)[] = [];

  get(id: number, form: number, make: () => Uint8Array<ArrayBuffer> | undefined): WebAssembly.Module | null {
    this.#modules[id] ??= new Map();
    const ofKernel = this.#modules[id];
    let module = ofKernel.get(form);
    if (module === undefined) {
      module = compile(make());
      ofKernel.set(form, module);
    }
    return module;
  }
}

/** The functions of one memory, by kernel and form. */
export class InstanceCache {
  readonly #runs: (Map<number, Run | null> | undefined)[] = [];

  get(id: number, form: number): Run | null | undefined {
    return this.#runs[id]?.get(form);
  }

  add(id: number, form: number, module: WebAssembly.Module | null, memory: WebAssembly.Memory): Run | null {
    const run =
      module === null
        ? null
        : (new WebAssembly.Instance(module, { env: { memory }, scalar }).exports.run as unknown as Run);
    this.#runs[id] ??= new Map();
    this.#runs[id].set(form, run);
    return run;
  }
}

function compile(bytes: Uint8Array<ArrayBuffer> | undefined): WebAssembly.Module | null {
  if (bytes === undefined) return null;
  try {
    return new WebAssembly.Module(bytes);
  } catch {
    // A browser may refuse to compile a large module at once on its main thread, or a page's policy to compile at all.
    return null;
  }
}
