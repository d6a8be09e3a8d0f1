import type { Code, ModuleBuilder } from "./codegen/assembler.ts";
import { control, f32, i32, i32x4, v128 } from "./codegen/opcodes.ts";
import { words } from "./codegen/structures.ts";
import { advanceRows, eachPlane, locals, ON_PLANES, PLANE_O, PLANE_X, rowsAtOnce } from "./plane-loops.ts";

const F32 = 4;
const V128 = 16;
/** Elements of a vector. */
const LANES = 4;
/** Elements 0, 2, 4 and 6 of a vector and of the one that begins three elements further on. */
const EVERY_SECOND = words(0, 2, 5, 7);

/** Moves `pointer` by what is left of `count` elements after whole vectors. */
function advanceByRest(code: Code, pointer: number, count: number): void {
  code.get(pointer).get(count);
  code
    .i32(LANES - 1)
    .op(i32.and)
    .i32(2)
    .op(i32.shl)
    .op(i32.add)
    .set(pointer);
}

/** Sets `count` elements from `target` on to zero, and leaves `target` behind them. */
function writeZeros(code: Code, target: number, count: number): void {
  const left = code.local("i32");
  const zero = code.local("v128");
  code.get(count).i32(LANES).op(i32.ge_u);
  code.if(
    () => {
      code.get(count).i32(2).op(i32.shr_u).set(left);
      code.times(left, () => {
        code.get(target).get(zero).memory(v128.store);
        code.advance(target, V128);
      });
      advanceByRest(code, target, count);
      code.get(target).i32(V128).op(i32.sub).get(zero).memory(v128.store);
    },
    () => {
      code.get(count).set(left);
      code.times(left, () => {
        code.get(target).f32(0).memory(f32.store);
        code.advance(target, F32);
      });
    },
  );
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
  code
    .get(count)
    .i32(LANES - 1)
    .op(i32.and);
  code.if(() => {
    advanceByRest(code, from, count);
    advanceByRest(code, to, count);
    for (const pointer of [to, from]) code.get(pointer).i32(V128).op(i32.sub);
    code.memory(v128.load).memory(v128.store);
  });
}

/** Copies `count` elements, `right` bytes from one to the next, and leaves both pointers behind them. */
function copyElements(code: Code, to: number, from: number, right: number, count: number): void {
  code.times(count, () => {
    code.get(to).get(from).memory(f32.load).memory(f32.store);
    code.advanceBy(from, right);
    code.advance(to, F32);
  });
}

/** See `copyOverlay`. */
export function exportCopy(module: ModuleBuilder): void {
  const parameters = [...Array(ON_PLANES + 10).keys()];
  const code = module.function(
    parameters.map(() => "i32"),
    [],
  );
  const [down, right, rowStep, rows, rowFrom, rowTo, columns, columnFrom, columnTo, wide] =
    parameters.slice(ON_PLANES);
  const [row, target, to, from, next, left, column, last, before, some, most] = locals(code, 11);
  const [lanes, mask] = Array.from({ length: 2 }, () => code.local("v128"));

  const zeroRows = (count: () => void): void => {
    count();
    code.set(row);
    code.times(row, () => {
      code.get(target).set(to);
      writeZeros(code, to, columns);
      code.advanceBy(target, rowStep);
    });
  };
  /** A vector of each of some rows; beside the plane whatever was read becomes zero. */
  const vectorOfRows = (load: () => void): void => {
    code.times(left, () => {
      code.get(to);
      load();
      code.get(mask).op(v128.and).memory(v128.store);
      code.advanceBy(from, down);
      code.advanceBy(to, rowStep);
    });
  };
  const loadPairs = (): void => {
    code
      .get(from)
      .memory(v128.load)
      .get(from)
      .memory(v128.load, 3 * F32)
      .shuffle(EVERY_SECOND);
  };
  const wideRows = (): void => {
    code.get(right).get(column).op(i32.mul).get(next).op(i32.add).get(before).op(i32.sub).set(from);
    code.get(column).i32(2).op(i32.shl).get(target).op(i32.add).set(to);
    code.get(column).op(i32x4.splat).v128([0, 1, 2, 3]).op(i32x4.add).tee(lanes);
    code.get(columnFrom).op(i32x4.splat).op(i32x4.ge_s);
    code.get(lanes).get(columnTo).op(i32x4.splat).op(i32x4.lt_s).op(v128.and).set(mask);
    code.get(some).set(left);
    code.get(right).i32(F32).op(i32.eq);
    code.if(
      () => vectorOfRows(() => code.get(from).memory(v128.load)),
      () => vectorOfRows(loadPairs),
    );
  };
  /** Four columns at a time, of which the last may overlap those before, of some rows at once. */
  const eachColumns = (): void => {
    code.loop(() => {
      code.get(row).get(most).get(row).get(most).op(i32.lt_s).op(control.select).set(some);
      code.i32(0).set(column);
      code.loop(() => {
        wideRows();
        code.advance(column, LANES);
        code.get(column).get(columns).op(i32.lt_s).set(left);
        code.get(last).get(column).get(column).get(last).op(i32.gt_s).op(control.select).set(column);
        code.get(left).brIf(0);
      });
      advanceRows(code, some, next, down);
      advanceRows(code, some, target, rowStep);
      code.get(row).get(some).op(i32.sub).tee(row).brIf(0);
    });
  };
  const narrowRow = (): void => {
    code.get(target).set(to);
    writeZeros(code, to, columnFrom);
    code.get(next).set(from).get(columnTo).get(columnFrom).op(i32.sub).set(left);
    code.get(right).i32(F32).op(i32.eq).get(left).i32(LANES).op(i32.ge_s).op(i32.and);
    code.if(
      () => {
        code.get(left).set(column);
        copyVectors(code, to, from, column, left);
      },
      () => copyElements(code, to, from, right, left),
    );
    code.get(columns).get(columnTo).op(i32.sub).set(left);
    writeZeros(code, to, left);
    code.advanceBy(next, down);
    code.advanceBy(target, rowStep);
  };

  rowsAtOnce(code, columns, most);
  code.get(columns).i32(LANES).op(i32.sub).set(last);
  code.get(columnFrom).get(right).op(i32.mul).set(before);
  eachPlane(code, [], () => {
    code.get(PLANE_X).set(next).get(PLANE_O).set(target);
    zeroRows(() => code.get(rowFrom));
    code.get(rowTo).get(rowFrom).op(i32.sub).tee(row);
    code.if(() => {
      code.get(wide).if(eachColumns, () => code.times(row, narrowRow));
    });
    zeroRows(() => code.get(rows).get(rowTo).op(i32.sub));
  });
  module.export("copy", code);
}

export function exportShift(module: ModuleBuilder): void {
  const parameters = [...Array(ON_PLANES + 6).keys()];
  const code = module.function(
    parameters.map(() => "i32"),
    [],
  );
  const [before, count, after, rows, columns, beside] = parameters.slice(ON_PLANES);
  const [to, from, left, row, inside, one] = locals(code, 6);
  code.get(columns).get(beside).op(i32.sub).i32(2).op(i32.shl).set(inside);
  code.i32(F32).set(one);
  eachPlane(code, [], () => {
    code.get(PLANE_X).set(from).get(PLANE_O).set(to);
    writeZeros(code, to, before);
    code.get(count).set(left).get(count).i32(LANES).op(i32.ge_s);
    code.if(
      () => copyVectors(code, to, from, count, left),
      () => copyElements(code, to, from, one, left),
    );
    writeZeros(code, to, after);
    code.get(beside).if(() => {
      code.get(PLANE_O).get(before).i32(2).op(i32.shl).op(i32.add).set(to);
      code.get(rows).i32(1).op(i32.sub).set(row);
      code.times(row, () => {
        code.advanceBy(to, inside);
        writeZeros(code, to, beside);
      });
    });
  });
  module.export("shift", code);
}
