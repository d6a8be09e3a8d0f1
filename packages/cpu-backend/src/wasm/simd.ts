import type { Backend } from "@flambeau/backend";
import type { Arena } from "../memory/arena.ts";
import type { Threads } from "../threads/threads.ts";
import { Parts } from "./map-parts.ts";
import type { ScalarMap } from "./scalar-map.ts";
import { Scratch } from "./scratch.ts";
import { SimdGather } from "./simd-gather.ts";
import { SimdMap } from "./simd-map.ts";
import { SimdReduce } from "./simd-reduce.ts";
import { SimdRows } from "./simd-rows.ts";

/** The kernels of one memory that are compiled to WebAssembly: scalar expressions in SIMD, and some one element at a time. */
export class Simd {
  readonly map: SimdMap;
  readonly reduce: SimdReduce;
  readonly rows: SimdRows;
  readonly gather: SimdGather;
  /** Loaded when first needed, which a page of float32 never does; until then JavaScript's loops give the same bits. */
  scalars: ScalarMap | undefined;
  #loading: Promise<void> | null = null;
  readonly #parts: readonly [Backend, Arena, Scratch];

  constructor(device: Backend, arena: Arena, threads?: Threads) {
    const scratch = new Scratch(arena);
    this.map = new SimdMap(device, arena, scratch, threads);
    this.reduce = new SimdReduce(device, arena, scratch, threads);
    this.rows = new SimdRows(device, arena, scratch, new Parts(), threads);
    this.gather = new SimdGather(device, arena, scratch);
    this.#parts = [device, arena, scratch];
  }

  loadScalars(): Promise<void> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  async #load(): Promise<void> {
    try {
      const module = await import("./scalar-map.ts");
      this.scalars = new module.ScalarMap(...this.#parts);
    } catch {
      // A page that cannot load it keeps to JavaScript's loops.
    }
  }
}

/** What a backend has to offer for its storages to be computed with so. */
export interface SimdHost {
  readonly simd: Simd;
}
