import { type Backend, DeviceError } from "@flambeau/backend";
import type { Arena } from "../memory/arena.ts";
import type { Threads } from "../threads/threads.ts";
import type { SimdWindows } from "../wasm/simd-windows.ts";

/** A device's kernels of windows. */
export interface WindowKernels extends Pick<Backend, "unfold" | "fold" | "maxPool"> {
  readonly simd: SimdWindows;
}

type Make = (device: Backend, arena: Arena, threads: Threads) => WindowKernels;

let make: Make | undefined;

/** Tells devices how their kernels of windows are made; the first call counts. */
export function installWindows(how: Make): void {
  make ??= how;
}

/** The kernels that a family offers to the device which asks for them first. */
export class Families {
  readonly #device: Backend;
  readonly #arena: Arena;
  readonly #threads: Threads;
  #windows: WindowKernels | undefined;

  constructor(device: Backend, arena: Arena, threads: Threads) {
    this.#device = device;
    this.#arena = arena;
    this.#threads = threads;
  }

  /** Undefined as long as nobody has called `provideWindows`. */
  get windows(): WindowKernels | undefined {
    this.#windows ??= make?.(this.#device, this.#arena, this.#threads);
    return this.#windows;
  }

  needWindows(): WindowKernels {
    if (this.windows === undefined) throw new DeviceError("the CPU's windows need provideWindows() first");
    return this.windows;
  }
}
