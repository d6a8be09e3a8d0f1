import type { Backend } from "@flambeau/backend";
import type { Arena } from "../arena.ts";
import type { Threads } from "../threads/threads.ts";
import { Parts } from "./map-parts.ts";
import { Scratch } from "./scratch.ts";
import { SimdGather } from "./simd-gather.ts";
import { SimdMap } from "./simd-map.ts";
import { SimdReduce } from "./simd-reduce.ts";
import { SimdRows } from "./simd-rows.ts";

/** The SIMD kernels of one memory: scalar expressions compiled to WebAssembly. */
export class Simd {
  readonly map: SimdMap;
  readonly reduce: SimdReduce;
  readonly rows: SimdRows;
  readonly gather: SimdGather;

  constructor(device: Backend, arena: Arena, threads?: Threads) {
    const scratch = new Scratch(arena);
    this.map = new SimdMap(device, arena, scratch, threads);
    this.reduce = new SimdReduce(device, arena, scratch, threads);
    this.rows = new SimdRows(device, arena, scratch, new Parts(), threads);
    this.gather = new SimdGather(device, arena, scratch);
  }
}

/** What a backend has to offer for its storages to be computed with so. */
export interface SimdHost {
  readonly simd: Simd;
}
