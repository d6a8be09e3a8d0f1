import type { Backend } from "@flambeau/backend";
import type { Arena } from "../arena.ts";
import { Scratch } from "./scratch.ts";
import { SimdMap } from "./simd-map.ts";
import { SimdReduce } from "./simd-reduce.ts";

/** The SIMD kernels of one memory: scalar expressions compiled to WebAssembly. */
export class Simd {
  readonly map: SimdMap;
  readonly reduce: SimdReduce;

  constructor(device: Backend, arena: Arena) {
    const scratch = new Scratch(arena);
    this.map = new SimdMap(device, arena, scratch);
    this.reduce = new SimdReduce(device, arena, scratch);
  }
}

/** What a backend has to offer for its storages to be computed with so. */
export interface SimdHost {
  readonly simd: Simd;
}
