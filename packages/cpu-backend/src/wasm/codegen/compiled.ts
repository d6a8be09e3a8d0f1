import { isShared } from "../../memory/arena.ts";
import { scalar } from "./scalar-imports.ts";

/** A kernel's function: rows, elements of a row, addresses and distances between rows, params. */
export type Run = (...args: number[]) => void;

/** A module and what it was compiled from, for other threads to compile. */
export interface Compiled {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly module: WebAssembly.Module;
}

/**
 * Modules made of kernels, by the kernel's id and the form it was compiled for; null where it cannot be. All memories share
 * them, each has instances of its own.
 */
export class ModuleCache {
  readonly #modules: (Map<number, Compiled | null> | undefined)[] = [];

  get(id: number, form: number, make: () => Uint8Array<ArrayBuffer> | undefined): Compiled | null {
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
  readonly #bytes: Map<Run, Uint8Array> = new Map();

  /** What the module of a function was compiled from. */
  bytesOf(run: Run): Uint8Array {
    return this.#bytes.get(run) as Uint8Array;
  }

  get(id: number, form: number): Run | null | undefined {
    return this.#runs[id]?.get(form);
  }

  /** Makes what `get` did not find, of a module that `make` writes for a memory that is shared or not. */
  make(
    modules: ModuleCache,
    id: number,
    form: number,
    memory: WebAssembly.Memory | undefined,
    make: (shared: boolean) => Uint8Array<ArrayBuffer> | undefined,
  ): Run | null {
    if (memory === undefined) return null;
    const shared = isShared(memory.buffer);
    const compiled = modules.get(id, form * 2 + (shared ? 1 : 0), () => make(shared));
    let run: Run | null = null;
    if (compiled !== null) {
      const { exports } = new WebAssembly.Instance(compiled.module, { env: { memory }, scalar });
      run = exports.run as unknown as Run;
      this.#bytes.set(run, compiled.bytes);
    }
    this.#runs[id] ??= new Map();
    this.#runs[id].set(form, run);
    return run;
  }
}

/** The module, or null where there is none to compile or it cannot be compiled: its kernels' work is done in JavaScript then. */
export function compile(bytes: Uint8Array<ArrayBuffer> | undefined): Compiled | null {
  if (bytes === undefined) return null;
  try {
    return { bytes, module: new WebAssembly.Module(bytes) };
  } catch {
    // A page's policy may forbid it, or a browser refuse a large module on its main thread.
    return null;
  }
}
