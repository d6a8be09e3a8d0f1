import { isShared } from "../arena.ts";
import { ModuleBuilder } from "./assembler.ts";
import { exportPack } from "./gemm-pack.ts";
import { exportTiles, type Lanes } from "./gemm-tiles.ts";

/** A module's functions on one memory; addresses and distances are in bytes. */
export interface GemmKernels {
  readonly pack: (
    to: number,
    toRow: number,
    from: number,
    fromRow: number,
    fromColumn: number,
    rows: number,
    columns: number,
  ) => void;
  readonly tiles: Tiles;
  readonly narrow: Tiles;
}

export type Tiles = (
  m: number,
  panels: number,
  k: number,
  a: number,
  aRow: number,
  b: number,
  bRow: number,
  bPanel: number,
  c: number,
  cRow: number,
  init: number,
  initRow: number,
  initPanel: number,
) => void;

function lanesOf(dtype: "float32" | "float64", relaxed: boolean): Lanes {
  return dtype === "float32"
    ? {
        itemSize: 4,
        splat: "v128.load32_splat",
        add: "f32x4.add",
        mul: "f32x4.mul",
        madd: relaxed ? "f32x4.relaxed_madd" : undefined,
      }
    : {
        itemSize: 8,
        splat: "v128.load64_splat",
        add: "f64x2.add",
        mul: "f64x2.mul",
        madd: relaxed ? "f64x2.relaxed_madd" : undefined,
      };
}

const compiled: Map<string, WebAssembly.Module> = new Map();

/** The kernels on a memory; a module is compiled once for all memories of its kind. */
export function gemmKernels(
  dtype: "float32" | "float64",
  relaxed: boolean,
  memory: WebAssembly.Memory,
): GemmKernels {
  const shared = isShared(memory.buffer);
  const key = `${dtype} ${relaxed} ${shared}`;
  let module = compiled.get(key);
  if (module === undefined) {
    const builder = new ModuleBuilder();
    builder.importMemory("env", "memory", shared);
    const lanes = lanesOf(dtype, relaxed);
    exportPack(builder, lanes);
    exportTiles(builder, lanes, "tiles", 2);
    exportTiles(builder, lanes, "narrow", 1);
    module = new WebAssembly.Module(builder.encode());
    compiled.set(key, module);
  }
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as GemmKernels;
}
