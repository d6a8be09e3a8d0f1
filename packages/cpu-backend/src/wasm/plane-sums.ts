import type { ModuleBuilder } from "./codegen/assembler.ts";
import { control, f32, f32x4, i32, i32x4, v128 } from "./codegen/opcodes.ts";
import { words } from "./codegen/structures.ts";
import { advanceRows, eachPlane, locals, ON_PLANES, PLANE_O, PLANE_X, rowsAtOnce } from "./plane-loops.ts";

const F32 = 4;
const V128 = 16;

/** See `addOverlay`. */
export function exportAdd(module: ModuleBuilder): void {
  const parameters = [...Array(ON_PLANES + 5).keys()];
  const code = module.function(
    parameters.map(() => "i32"),
    [],
  );
  const [down, right, rowStep, rows, columns] = parameters.slice(ON_PLANES);
  const [row, column, to, from, vectors, step] = locals(code, 6);
  const [most, left, some, nextX, nextO] = locals(code, 5);
  const [elements, first, zero] = Array.from({ length: 3 }, () => code.local("v128"));

  /** Adds what `add` adds to one row, from a column on, to some rows. */
  const eachRow = (columnBytes: number, add: () => void): void => {
    code.get(column).i32(columnBytes).op(i32.mul).get(nextO).op(i32.add).set(from);
    code.get(column).get(step).op(i32.mul).get(nextX).op(i32.add).set(to);
    code.get(some).set(row);
    code.times(row, () => {
      add();
      code.advanceBy(to, down);
      code.advanceBy(from, rowStep);
    });
  };
  /** Adds what `add` adds for one row and vector, for all. */
  const addVectors = (bytes: number, add: () => void): void => {
    code.i32(bytes).set(step).i32(0).set(column);
    code.get(vectors).if(() => {
      code.loop(() => {
        eachRow(V128, add);
        code.advance(column, 1);
        code.get(column).get(vectors).op(i32.lt_s).brIf(0);
      });
    });
  };
  const addNeighbours = (): void => {
    code.get(to);
    for (const pointer of [to, from]) code.get(pointer).memory(v128.load);
    code.op(f32x4.add).memory(v128.store);
  };
  /** To every second element: two vectors that share one element, to which both add zero. No sum begins as -0, which this would change. */
  const addSeconds = (): void => {
    code.get(from).memory(v128.load).set(elements);
    code.get(to).memory(v128.load);
    code
      .get(elements)
      .get(zero)
      .shuffle(words(0, 4, 1, 4))
      .op(f32x4.add)
      .set(first);
    code.get(to);
    code.get(to).memory(v128.load, 3 * F32);
    code
      .get(elements)
      .get(zero)
      .shuffle(words(4, 2, 4, 3))
      .op(f32x4.add);
    code.memory(v128.store, 3 * F32);
    code.get(to).get(first).memory(v128.store);
  };
  const addOne = (): void => {
    code.get(to).get(to).memory(f32.load).get(from).memory(f32.load).op(f32.add).memory(f32.store);
  };

  const someRows = (): void => {
    code.get(columns).i32(2).op(i32.shr_u).set(vectors);
    code.get(right).i32(F32).op(i32.eq);
    code.if(
      () => addVectors(V128, addNeighbours),
      () => {
        code
          .get(right)
          .i32(2 * F32)
          .op(i32.eq);
        code.if(
          () => addVectors(2 * V128, addSeconds),
          () => code.i32(0).set(vectors),
        );
      },
    );
    code.get(right).set(step).get(vectors).i32(2).op(i32.shl).set(column);
    code.block(() => {
      code.loop(() => {
        code.get(column).get(columns).op(i32.ge_s).brIf(1);
        eachRow(F32, addOne);
        code.advance(column, 1);
        code.br(0);
      });
    });
  };

  rowsAtOnce(code, columns, most);
  eachPlane(code, [], () => {
    code.get(PLANE_X).set(nextX).get(PLANE_O).set(nextO).get(rows).tee(left);
    code.if(() => {
      code.loop(() => {
        code.get(left).get(most).get(left).get(most).op(i32.lt_s).op(control.select).set(some);
        someRows();
        advanceRows(code, some, nextX, down);
        advanceRows(code, some, nextO, rowStep);
        code.get(left).get(some).op(i32.sub).tee(left).brIf(0);
      });
    });
  });
  module.export("add", code);
}

/** Indices are int32 and follow on each other, as do the elements of a row of x and of o. */
export function exportScatter(module: ModuleBuilder): void {
  const code = module.function(Array(7).fill("i32"), []);
  const [rows, count, index, source, xRow, sums, oRow] = Array(7).keys();
  const [left, from, to] = locals(code, 3);
  code.times(rows, () => {
    code.get(source).set(from).get(count).set(left);
    code.times(left, () => {
      code.get(sums).get(index).memory(i32.load).i32(2).op(i32.shl).op(i32.add).tee(to);
      code.get(to).memory(f32.load).get(from).memory(f32.load).op(f32.add).memory(f32.store);
      code.advance(index, 4);
      code.advance(from, F32);
    });
    code.advanceBy(source, xRow);
    code.advanceBy(sums, oRow);
  });
  module.export("scatter", code);
}

export function exportCheck(module: ModuleBuilder): void {
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
