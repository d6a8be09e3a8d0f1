import type { Backend } from "@flambeau/backend";
import type { Arena } from "../arena.ts";
import { makers } from "../family.ts";
import { Threads } from "../threads/threads.ts";
import { Gemm } from "./gemm.ts";
import { Parts } from "./map-parts.ts";
import { Scratch } from "./scratch.ts";
import { SimdMap } from "./simd-map.ts";
import { SimdReduce } from "./simd-reduce.ts";
import { SimdRows } from "./simd-rows.ts";

/** The SIMD kernels of one memory: products, and scalar expressions compiled to WebAssembly. */
export class Simd {
  /** What large kernels are split over. */
  readonly threads: Threads;
  readonly gemm: Gemm;
  readonly map: SimdMap;
  readonly reduce: SimdReduce;
  readonly rows: SimdRows;

  constructor(device: Backend, arena: Arena) {
    const threads = new Threads(arena);
    const scratch = new Scratch(arena);
    this.threads = threads;
    this.gemm = new Gemm(device, arena, threads);
    this.map = new SimdMap(device, arena, scratch, threads);
    this.reduce = new SimdReduce(device, arena, scratch, threads);
    this.rows = new SimdRows(device, arena, scratch, new Parts(), threads);
  }
}

/** What a backend has to offer for its storages to be computed with so. */
export interface SimdHost {
  readonly simd: Simd | undefined;
}

/** Gives CPU devices that are made from now on their kernels in WebAssembly. */
export function provideSimd(): void {
  makers.simd = (device, arena) => new Simd(device, arena);
}
