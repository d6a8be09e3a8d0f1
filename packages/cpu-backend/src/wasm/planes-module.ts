import type { Code, ModuleBuilder } from "./codegen/assembler.ts";
import { f32, f32x4, i32, i32x4, v128 } from "./codegen/opcodes.ts";

/** A module's functions on one memory; addresses and distances are in bytes, everything else in elements. */
export interface PlaneKernels {
  /** Planes of windows' elements: `x` under the first position inside, `o` at the first position. */
  readonly copy: (
    planes: number,
    x: number,
    xPlane: number,
    down: number,
    right: number,
    o: number,
    oPlane: number,
    rowStep: number,
    rows: number,
    rowFrom: number,
    rowTo: number,
    columns: number,
    columnFrom: number,
    columnTo: number,
  ) => void;
  /**
   * The same where rows follow on each other without gaps, `columns` elements from one to the next in both: one run of
   * `count` elements between zeros `before` and `after` it, and then zeros in the `beside` elements between rows inside.
   */
  readonly shift: (
    planes: number,
    x: number,
    xPlane: number,
    o: number,
    oPlane: number,
    before: number,
    count: number,
    after: number,
    rows: number,
    columns: number,
    beside: number,
  ) => void;
  /** The positions inside alone: both addresses are those of the first, rows and columns count them. */
  readonly add: (
    planes: number,
    x: number,
    xPlane: number,
    down: number,
    right: number,
    o: number,
    oPlane: number,
    rowStep: number,
    rows: number,
    columns: number,
  ) => void;
  /** o[index] += x along rows. */
  readonly scatter: (
    rows: number,
    count: number,
    index: number,
    x: number,
    xRow: number,
    o: number,
    oRow: number,
  ) => void;
  /** 0 if one of `count` indices is not below `size`. */
  readonly check: (count: number, index: number, size: number) => number;
}

const F32 = 4;
const V128 = 16;

/** Sets `count` elements from `target` on to zero; leaves `target` behind them, and `count` at zero. */
function writeZeros(code: Code, target: number, count: number): void {
  const vectors = code.local("i32");
  const zero = code.local("v128");
  code.get(count).i32(2).op(i32.shr_u).set(vectors);
  code.times(vectors, () => {
    code.get(target).get(zero).memory(v128.store);
    code.advance(target, V128);
  });
  code.get(count).i32(3).op(i32.and).set(count);
  code.times(count, () => {
    code.get(target).f32(0).memory(f32.store);
    code.advance(target, F32);
  });
}

/**
 * Copies `count` elements, four or more, and leaves both pointers behind them; what whole vectors leave is copied by one
 * that ends with the last element.
 */
function copyVectors(code: Code, to: number, from: number, count: number, left: number): void {
  code.get(count).i32(2).op(i32.shr_u).set(left);
  code.times(left, () => {
    code.get(to).get(from).memory(v128.load).memory(v128.store);
    code.advance(from, V128);
    code.advance(to, V128);
  });
  code.get(count).i32(3).op(i32.and).i32(2).op(i32.shl).tee(left);
  code.if(() => {
    code.advanceBy(from, left);
    code.advanceBy(to, left);
    for (const pointer of [to, from]) code.get(pointer).i32(V128).op(i32.sub);
    code.memory(v128.load).memory(v128.store);
  });
}

/** See `copyOverlay`. */
function exportCopy(module: ModuleBuilder): void {
  const code = module.function(Array(14).fill("i32"), []);
  const [
    planes,
    x,
    xPlane,
    down,
    right,
    o,
    oPlane,
    rowStep,
    rows,
    rowFrom,
    rowTo,
    columns,
    columnFrom,
    columnTo,
  ] = Array(14).keys();
  const local = (): number => code.local("i32");
  const [row, target, to, from, next, left, inside] = Array.from({ length: 7 }, local);

  const zeros = (count: () => void): void => {
    count();
    code.set(left);
    writeZeros(code, to, left);
  };
  const copyElements = (): void => {
    code.get(inside).set(left);
    code.times(left, () => {
      code.get(to).get(from).memory(f32.load).memory(f32.store);
      code.advanceBy(from, right);
      code.advance(to, F32);
    });
  };

  code.get(columnTo).get(columnFrom).op(i32.sub).set(inside);
  code.times(planes, () => {
    code.get(x).set(next).get(o).set(target).i32(0).set(row);
    code.block(() => {
      code.loop(() => {
        code.get(row).get(rows).op(i32.eq).brIf(1);
        code.get(target).set(to);
        code.get(row).get(rowFrom).op(i32.ge_s).get(row).get(rowTo).op(i32.lt_s).op(i32.and);
        code.if(
          () => {
            zeros(() => code.get(columnFrom));
            code.get(next).set(from);
            code.get(right).i32(F32).op(i32.eq).get(inside).i32(4).op(i32.ge_s).op(i32.and);
            code.if(() => copyVectors(code, to, from, inside, left), copyElements);
            zeros(() => code.get(columns).get(columnTo).op(i32.sub));
            code.advanceBy(next, down);
          },
          () => zeros(() => code.get(columns)),
        );
        code.advanceBy(target, rowStep);
        code.advance(row, 1);
        code.br(0);
      });
    });
    code.advanceBy(x, xPlane);
    code.advanceBy(o, oPlane);
  });
  module.export("copy", code);
}

function exportShift(module: ModuleBuilder): void {
  const code = module.function(Array(11).fill("i32"), []);
  const [planes, x, xPlane, o, oPlane, before, count, after, rows, columns, beside] = Array(11).keys();
  const local = (): number => code.local("i32");
  const [to, from, left, row, inside] = Array.from({ length: 5 }, local);
  const zeros = (n: number): void => {
    code.get(n).set(left);
    writeZeros(code, to, left);
  };
  code.get(columns).get(beside).op(i32.sub).i32(2).op(i32.shl).set(inside);
  code.times(planes, () => {
    code.get(x).set(from).get(o).set(to);
    zeros(before);
    code.get(count).i32(4).op(i32.ge_s);
    code.if(
      () => copyVectors(code, to, from, count, left),
      () => {
        code.get(count).set(left);
        code.times(left, () => {
          code.get(to).get(from).memory(f32.load).memory(f32.store);
          code.advance(from, F32);
          code.advance(to, F32);
        });
      },
    );
    zeros(after);
    code.get(beside).if(() => {
      code.get(o).get(before).i32(2).op(i32.shl).op(i32.add).set(to);
      code.get(rows).i32(1).op(i32.sub).set(row);
      code.times(row, () => {
        code.advanceBy(to, inside);
        zeros(beside);
      });
    });
    code.advanceBy(x, xPlane);
    code.advanceBy(o, oPlane);
  });
  module.export("shift", code);
}

/** See `addOverlay`. */
function exportAdd(module: ModuleBuilder): void {
  const code = module.function(Array(10).fill("i32"), []);
  const [planes, x, xPlane, down, right, o, oPlane, rowStep, rows, columns] = Array(10).keys();
  const local = (): number => code.local("i32");
  const [row, nextX, nextO, to, from, left] = Array.from({ length: 6 }, local);
  const addElements = (): void => {
    code.times(left, () => {
      code.get(to).get(to).memory(f32.load).get(from).memory(f32.load).op(f32.add).memory(f32.store);
      code.advance(from, F32);
      code.advanceBy(to, right);
    });
  };
  code.times(planes, () => {
    code.get(x).set(nextX).get(o).set(nextO).get(rows).set(row);
    code.times(row, () => {
      code.get(nextX).set(to).get(nextO).set(from).get(columns).set(left);
      code.get(right).i32(F32).op(i32.eq);
      code.if(() => {
        code.get(columns).i32(2).op(i32.shr_u).set(left);
        code.times(left, () => {
          code.get(to);
          for (const pointer of [to, from]) code.get(pointer).memory(v128.load);
          code.op(f32x4.add).memory(v128.store);
          code.advance(from, V128);
          code.advance(to, V128);
        });
        code.get(columns).i32(3).op(i32.and).set(left);
      });
      addElements();
      code.advanceBy(nextX, down);
      code.advanceBy(nextO, rowStep);
    });
    code.advanceBy(x, xPlane);
    code.advanceBy(o, oPlane);
  });
  module.export("add", code);
}

/** Indices are int32 and follow on each other, as do the elements of a row of x and of o. */
function exportScatter(module: ModuleBuilder): void {
  const code = module.function(Array(7).fill("i32"), []);
  const [rows, count, index, x, xRow, o, oRow] = Array(7).keys();
  const local = (): number => code.local("i32");
  const [left, from, to] = Array.from({ length: 3 }, local);
  code.times(rows, () => {
    code.get(x).set(from).get(count).set(left);
    code.times(left, () => {
      code.get(o).get(index).memory(i32.load).i32(2).op(i32.shl).op(i32.add).tee(to);
      code.get(to).memory(f32.load).get(from).memory(f32.load).op(f32.add).memory(f32.store);
      code.advance(index, 4);
      code.advance(from, F32);
    });
    code.advanceBy(x, xRow);
    code.advanceBy(o, oRow);
  });
  module.export("scatter", code);
}

function exportCheck(module: ModuleBuilder): void {
  const code = module.function(Array(3).fill("i32"), ["i32"]);
  const [count, index, size] = Array(3).keys();
  const left = code.local("i32");
  const isBad = code.local("i32");
  const sizes = code.local("v128");
  const areBad = code.local("v128");
  code.get(size).op(i32x4.splat).set(sizes).get(count).i32(2).op(i32.shr_u).set(left);
  code.times(left, () => {
    code.get(index).memory(v128.load).get(sizes).op(i32x4.ge_u).get(areBad).op(v128.or).set(areBad);
    code.advance(index, V128);
  });
  code.get(count).i32(3).op(i32.and).set(left);
  code.times(left, () => {
    code.get(index).memory(i32.load).get(size).op(i32.ge_u).get(isBad).op(i32.or).set(isBad);
    code.advance(index, 4);
  });
  code.get(areBad).op(v128.any_true).get(isBad).op(i32.or).op(i32.eqz);
  module.export("check", code);
}

export function exportPlanes(module: ModuleBuilder): void {
  exportCopy(module);
  exportShift(module);
  exportAdd(module);
  exportScatter(module);
  exportCheck(module);
}
