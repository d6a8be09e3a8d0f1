import type { Backend } from "@flambeau/backend";
import type { Arena } from "../arena.ts";
import type { Threads } from "../threads/threads.ts";
import { Scratch } from "./scratch.ts";
import { SimdMap } from "./simd-map.ts";
import { SimdReduce } from "./simd-reduce.ts";
import { SimdWindows } from "./simd-windows.ts";

/** The SIMD kernels of one memory: scalar expressions compiled to WebAssembly, and windows on planes. */
export class Simd {
  readonly map: SimdMap;
  readonly reduce: SimdReduce;
  readonly windows: SimdWindows;

  constructor(device: Backend, arena: Arena, threads?: Threads) {
    const scratch = new Scratch(arena);
    this.map = new SimdMap(device, arena, scratch, threads);
    this.reduce = new SimdReduce(device, arena, scratch);
    this.windows = new SimdWindows(device, arena);
  }
}

/** What a backend has to offer for its storages to be computed with so. */
export interface SimdHost {
  readonly simd: Simd;
}
