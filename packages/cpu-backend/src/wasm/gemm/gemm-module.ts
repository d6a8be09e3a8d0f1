import { ModuleBuilder } from "../codegen/assembler.ts";
import { type Compiled, compile } from "../codegen/compiled.ts";
import { f32x4, f64x2, v128 } from "../codegen/opcodes.ts";
import { exportPack, exportPanels, exportTurned } from "./gemm-pack.ts";
import { exportTiles, type Lanes, tileRows, WIDE_ROWS } from "./gemm-tiles.ts";

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
  readonly turned: (
    to: number,
    panel: number,
    from: number,
    fromPanel: number,
    fromRow: number,
    fromColumn: number,
    rows: number,
    columns: number,
    count: number,
  ) => void;
  readonly panels: (
    to: number,
    panel: number,
    from: number,
    fromRow: number,
    rows: number,
    count: number,
  ) => void;
  readonly tiles: Tiles;
  /** Panels of half the width. */
  readonly narrow: Tiles;
  /** Panels of twice the width. */
  readonly wide: Tiles;
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
        splat: v128.load32_splat,
        add: f32x4.add,
        mul: f32x4.mul,
        madd: relaxed ? f32x4.relaxed_madd : undefined,
      }
    : {
        itemSize: 8,
        splat: v128.load64_splat,
        add: f64x2.add,
        mul: f64x2.mul,
        madd: relaxed ? f64x2.relaxed_madd : undefined,
      };
}

const compiled: Map<string, Compiled | null> = new Map();

/** The module for a memory that is shared or not, compiled once; null where it cannot be. */
export function gemmModule(dtype: "float32" | "float64", relaxed: boolean, shared: boolean): Compiled | null {
  const key = `${dtype} ${relaxed} ${shared}`;
  let module = compiled.get(key);
  if (module === undefined) {
    const builder = new ModuleBuilder();
    builder.importMemory("env", "memory", shared);
    const lanes = lanesOf(dtype, relaxed);
    exportTurned(builder, exportPack(builder, lanes));
    exportPanels(builder);
    exportTiles(builder, lanes, "tiles", 2, tileRows(lanes));
    exportTiles(builder, lanes, "narrow", 1, tileRows(lanes));
    exportTiles(builder, lanes, "wide", 4, WIDE_ROWS);
    module = compile(builder.encode());
    compiled.set(key, module);
  }
  return module;
}

/** A module's functions on a memory. */
export function gemmKernels({ module }: Compiled, memory: WebAssembly.Memory): GemmKernels {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as GemmKernels;
}
