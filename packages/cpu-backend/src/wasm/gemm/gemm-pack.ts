import type { Callee, ModuleBuilder } from "../codegen/assembler.ts";
import { f32, f64, i32, v128 } from "../codegen/opcodes.ts";
import { words } from "../codegen/structures.ts";
import { type Lanes, TILE_BYTES } from "./gemm-tiles.ts";

/**
 * Exports `pack`: copies a matrix of any strides into rows of neighbouring elements.
 *
 * Parameters, distances in bytes: to, toRow, from, fromRow, fromColumn, rows, columns. Where the source's rows are
 * neighbouring elements they are copied as vectors, where its columns are, four by four through registers.
 */
export function exportPack(module: ModuleBuilder, lanes: Lanes): Callee {
  const code = module.function(Array(7).fill("i32"), []);
  const [to, toRow, from, fromRow, fromColumn, rows, columns] = Array(7).keys();
  const size = lanes.itemSize;
  const source = code.local("i32");
  const target = code.local("i32");
  const left = code.local("i32");
  const strips = code.local("i32");
  const load = size === 4 ? f32.load : f64.load;
  const store = size === 4 ? f32.store : f64.store;

  const copyRows = (): void => {
    code.times(rows, () => {
      code.get(from).set(source).get(to).set(target);
      code
        .get(columns)
        .i32(32 / size)
        .op(i32.div_u)
        .set(left);
      code.times(left, () => {
        code.get(target).get(source).memory(v128.load, 0).memory(v128.store, 0);
        code.get(target).get(source).memory(v128.load, 16).memory(v128.store, 16);
        code.advance(source, 32);
        code.advance(target, 32);
      });
      code
        .get(columns)
        .i32(32 / size - 1)
        .op(i32.and)
        .set(left);
      code.times(left, () => {
        code.get(target).get(source).memory(load).memory(store);
        code.advance(source, size);
        code.advance(target, size);
      });
      code.advanceBy(from, fromRow);
      code.advanceBy(to, toRow);
    });
  };

  /** Strips of four columns; up to three columns are left. Float32 only. */
  const transpose = (): void => {
    const column = Array.from({ length: 4 }, () => code.local("i32"));
    const read = Array.from({ length: 4 }, () => code.local("v128"));
    const half = Array.from({ length: 4 }, () => code.local("v128"));
    const shuffle = (out: number | undefined, a: number, b: number, pattern: number[]): void => {
      code.get(a).get(b).shuffle(pattern);
      if (out !== undefined) code.set(out);
    };
    code.get(columns).i32(2).op(i32.shr_u).set(strips);
    code.get(columns).i32(3).op(i32.and).set(columns);
    code.times(strips, () => {
      code.get(to).set(target).get(from).set(column[0]);
      for (let i = 1; i < 4; i++)
        code
          .get(column[i - 1])
          .get(fromColumn)
          .op(i32.add)
          .set(column[i]);
      code.get(rows).i32(2).op(i32.shr_u).set(left);
      code.times(left, () => {
        for (const [i, vector] of read.entries()) code.get(column[i]).memory(v128.load).set(vector);
        shuffle(half[0], read[0], read[1], words(0, 4, 1, 5));
        shuffle(half[1], read[2], read[3], words(0, 4, 1, 5));
        shuffle(half[2], read[0], read[1], words(2, 6, 3, 7));
        shuffle(half[3], read[2], read[3], words(2, 6, 3, 7));
        for (let row = 0; row < 4; row++) {
          code.get(target);
          shuffle(
            undefined,
            half[row & 2],
            half[(row & 2) + 1],
            row & 1 ? words(2, 3, 6, 7) : words(0, 1, 4, 5),
          );
          code.memory(v128.store);
          code.advanceBy(target, toRow);
        }
        for (const pointer of column) code.advance(pointer, 16);
      });
      code.get(rows).i32(3).op(i32.and).set(left);
      code.times(left, () => {
        for (let i = 0; i < 4; i++)
          code
            .get(target)
            .get(column[i])
            .memory(load)
            .memory(store, i * size);
        for (const pointer of column) code.advance(pointer, size);
        code.advanceBy(target, toRow);
      });
      code.get(from).get(fromColumn).i32(2).op(i32.shl).op(i32.add).set(from);
      code.advance(to, 4 * size);
    });
  };

  const gather = (): void => {
    code.times(rows, () => {
      code.get(from).set(source).get(to).set(target).get(columns).set(left);
      code.times(left, () => {
        code.get(target).get(source).memory(load).memory(store);
        code.advanceBy(source, fromColumn);
        code.advance(target, size);
      });
      code.advanceBy(from, fromRow);
      code.advanceBy(to, toRow);
    });
  };

  code.get(fromColumn).i32(size).op(i32.eq);
  code.if(copyRows, () => {
    if (size === 4) {
      code.get(fromRow).i32(size).op(i32.eq);
      code.if(transpose);
    }
    code.get(columns).if(gather);
  });
  module.export("pack", code);
  return code;
}

/**
 * Exports `turned`: copies neighbouring columns of a matrix, of any strides, into panels, by calls of `pack`.
 *
 * Parameters, distances in bytes: to, panel, from, fromPanel, fromRow, fromColumn, rows, columns (of a panel), count (of
 * panels).
 */
export function exportTurned(module: ModuleBuilder, pack: Callee): void {
  const code = module.function(Array(9).fill("i32"), []);
  const [to, panel, from, fromPanel, fromRow, fromColumn, rows, columns, count] = Array(9).keys();
  code.loop(() => {
    code.get(to).i32(TILE_BYTES).get(from).get(fromRow).get(fromColumn).get(rows).get(columns).call(pack);
    code.advanceBy(to, panel);
    code.advanceBy(from, fromPanel);
    code.countDown(count);
  });
  module.export("turned", code);
}

/**
 * Exports `panels`: copies rows of neighbouring elements into several panels at once, as whole lines of the cache are
 * read that way.
 *
 * Parameters, distances in bytes: to, panel, from, fromRow, rows, count (of panels).
 */
export function exportPanels(module: ModuleBuilder): void {
  const code = module.function(Array(6).fill("i32"), []);
  const [to, panel, from, fromRow, rows, count] = Array(6).keys();
  const source = code.local("i32");
  const target = code.local("i32");
  const left = code.local("i32");
  code.loop(() => {
    code.get(from).set(source).get(to).set(target).get(count).set(left);
    code.loop(() => {
      for (const half of [0, 16])
        code.get(target).get(source).memory(v128.load, half).memory(v128.store, half);
      code.advance(source, TILE_BYTES);
      code.advanceBy(target, panel);
      code.countDown(left);
    });
    code.advanceBy(from, fromRow);
    code.advance(to, TILE_BYTES);
    code.countDown(rows);
  });
  module.export("panels", code);
}
