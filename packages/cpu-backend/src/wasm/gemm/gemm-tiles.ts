import type { Callee, ModuleBuilder } from "../codegen/assembler.ts";
import { control, i32, type MemoryOp, type Op, v128 } from "../codegen/opcodes.ts";

/**
 * Rows of a tile of the result: twelve sums keep two units for multiply-add busy, ten do not quite. A multiplication and an
 * addition need a register between them.
 */
export function tileRows({ madd }: Lanes): number {
  return madd === undefined ? 5 : TILE_ROWS;
}
export const TILE_ROWS = 6;
/** Rows of a tile of twice the width, for products of so few rows: it takes several sums to hide an addition's latency. */
export const WIDE_ROWS = 2;
/** Bytes of a row of a tile: two vectors. */
export const TILE_BYTES = 32;
const VECTOR = 16;
/** Steps along k in one turn of the inner loop: V8 15 (not V8 13) moves sums about at its end, where six rows fill the registers. */
const UNROLL = 8;

/** What differs between element types. */
export interface Lanes {
  readonly itemSize: 4 | 8;
  readonly splat: MemoryOp;
  readonly add: Op;
  readonly mul: Op;
  /** Undefined where the runtime has no relaxed SIMD. */
  readonly madd: Op | undefined;
}

const PARAMETERS = 13;

/**
 * The inner kernel: `strips` strips of tiles, one below the other, each of a tile under every panel of b. A tile is `rows`
 * rows and so many vectors of columns:
 *
 *     c[i, :] = init[i, :] + sum over k of a[i, k] * b[k, :]
 *
 * The sum starts from zero, and init is added at its end: so a long product is a sum of sums, whose errors do not pile up.
 * a is read in place (elements along k are neighbours, rows `aRow` bytes apart) and stays in the first cache; b's rows are
 * `bRow` bytes apart, its panels and those of what sums start from `bPanel` and `initPanel`. Each tile's sums stay in
 * registers: of fifteen that V8 gives out, at most twelve hold sums, two a row of b, one an element of a.
 * Source: Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008.
 */
function tiles(module: ModuleBuilder, lanes: Lanes, rows: number, vectors: number): Callee {
  const code = module.function(Array(PARAMETERS).fill("i32"), []);
  const [strips, panels, k, a, aRow, b, bRow, bPanel, c, cRow, init, initRow, initPanel] =
    Array(PARAMETERS).keys();
  const panel = code.local("i32");
  const tile = code.local("i32");
  const start = code.local("i32");
  const count = code.local("i32");
  const pa = Array.from({ length: rows }, () => code.local("i32"));
  const pb = code.local("i32");
  const left = code.local("i32");
  const at = code.local("i32");
  const from = code.local("i32");
  const sums = Array.from({ length: rows }, () => Array.from({ length: vectors }, () => code.local("v128")));
  const bRowOf = Array.from({ length: vectors }, () => code.local("v128"));
  const aElement = code.local("v128");

  const step = (depth: number): void => {
    for (const [v, vector] of bRowOf.entries())
      code
        .get(pb)
        .memory(v128.load, v * VECTOR)
        .set(vector);
    code.advanceBy(pb, bRow);
    sums.forEach((row, i) => {
      code
        .get(pa[i])
        .memory(lanes.splat, depth * lanes.itemSize)
        .set(aElement);
      row.forEach((sum, v) => {
        if (lanes.madd !== undefined) code.get(aElement).get(bRowOf[v]).get(sum).op(lanes.madd).set(sum);
        else code.get(sum).get(aElement).get(bRowOf[v]).op(lanes.mul).op(lanes.add).set(sum);
      });
    });
  };
  const advance = (steps: number): void => {
    for (const pointer of pa) code.advance(pointer, steps * lanes.itemSize);
  };
  /** Walks down the rows of a tile in memory; `at` ends on the last. */
  const eachRow = (from: number, row: number, body: (i: number) => void): void => {
    code.get(from).set(at);
    for (let i = 0; i < rows; i++) {
      if (i > 0) code.advanceBy(at, row);
      body(i);
    }
  };

  code.loop(() => {
    code.get(b).set(panel).get(c).set(tile).get(init).set(start).get(panels).set(count);
    code.loop(() => {
      for (const sum of sums.flat()) code.f32x4(0).set(sum);
      eachRow(a, aRow, (i) => code.get(at).set(pa[i]));
      code.get(panel).set(pb);
      code.get(k).i32(Math.log2(UNROLL)).op(i32.shr_u).set(left);
      code.times(left, () => {
        for (let depth = 0; depth < UNROLL; depth++) step(depth);
        advance(UNROLL);
      });
      code
        .get(k)
        .i32(UNROLL - 1)
        .op(i32.and)
        .set(left);
      code.times(left, () => {
        step(0);
        advance(1);
      });
      code.get(start).set(from);
      eachRow(tile, cRow, (i) => {
        if (i > 0) code.advanceBy(from, initRow);
        for (const [v, sum] of sums[i].entries()) {
          code
            .get(at)
            .get(from)
            .memory(v128.load, v * VECTOR);
          code
            .get(sum)
            .op(lanes.add)
            .memory(v128.store, v * VECTOR);
        }
      });
      code.advanceBy(panel, bPanel);
      code.advance(tile, vectors * VECTOR);
      code.advanceBy(start, initPanel);
      code.countDown(count);
    });
    for (const [pointer, row] of [
      [a, aRow],
      [c, cRow],
      [init, initRow],
    ])
      code.get(pointer).get(row).i32(rows).op(i32.mul).op(i32.add).set(pointer);
    code.countDown(strips);
  });
  return code;
}

/**
 * Exports strips of tiles, one below the other, over panels of b one, two or four vectors wide; the tallest tile has
 * `most` rows.
 *
 * Parameters, in bytes where they are distances: m, panels, k, a, aRow, b, bRow, bPanel, c, cRow, init, initRow,
 * initPanel. Any m, k and panels from 1.
 */
export function exportTiles(
  module: ModuleBuilder,
  lanes: Lanes,
  name: string,
  vectors: number,
  most: number,
): void {
  const kernels = Array.from({ length: most }, (_, i) => tiles(module, lanes, i + 1, vectors));
  const code = module.function(Array(13).fill("i32"), []);
  const [m, panels, k, a, aRow, b, bRow, bPanel, c, cRow, init, initRow, initPanel] = Array(13).keys();
  const strips = code.local("i32");
  const height = code.local("i32");
  const rest = [panels, k, a, aRow, b, bRow, bPanel, c, cRow, init, initRow, initPanel];
  const done = (rows: () => void): void => {
    for (const [pointer, row] of [
      [a, aRow],
      [c, cRow],
      [init, initRow],
    ]) {
      code.get(pointer);
      rows();
      code.get(row).op(i32.mul).op(i32.add).set(pointer);
    }
    code.get(m);
    rows();
    code.op(i32.sub).set(m);
  };
  code.get(m).i32(most).op(i32.div_u).set(strips);
  code.get(m).get(strips).i32(most).op(i32.mul).op(i32.sub).set(height);
  // Two middling tiles take less time than a tall one and a low one.
  code.get(strips);
  code
    .get(strips)
    .i32(0)
    .op(i32.ne)
    .get(height)
    .i32(1)
    .op(i32.sub)
    .i32(most - 2)
    .op(i32.lt_u)
    .op(i32.and)
    .op(i32.sub)
    .tee(strips);
  code.if(() => {
    code.get(strips);
    for (const value of rest) code.get(value);
    code.call(kernels[most - 1]);
    done(() => code.get(strips).i32(most).op(i32.mul));
  });
  code.get(m).if(() => {
    code.loop(() => {
      code.get(m).i32(1).op(i32.add).i32(1).op(i32.shr_u);
      code.get(m);
      code.get(m).i32(most).op(i32.gt_u).op(control.select).set(height);
      for (let rows = most; rows > 0; rows--) {
        code.get(height).i32(rows).op(i32.eq);
        code.if(() => {
          code.i32(1);
          for (const value of rest) code.get(value);
          code.call(kernels[rows - 1]);
        });
      }
      done(() => code.get(height));
      code.get(m).brIf(0);
    });
  });
  module.export(name, code);
}
