import type { Code, ModuleBuilder } from "./codegen/assembler.ts";
import { control, f32, f32x4, i32, i32x4, v128 } from "./codegen/opcodes.ts";
import { words } from "./codegen/structures.ts";
import { eachPlane, locals, ON_PLANES, PLANE_O, PLANE_X } from "./plane-loops.ts";

/**
 * A module's function on one memory: the largest element of every window of some planes, and its index in its plane.
 *
 * Addresses and distances are in bytes, everything else in elements. Elements of a row follow on each other in x, in
 * the values o and in the indices f. `whole` to `wholeEnd` are positions whose windows' columns all lie in the plane, four
 * or more, or none.
 */
export type MaxOfWindows = (
  images: number,
  xImage: number,
  oImage: number,
  planes: number,
  x: number,
  xPlane: number,
  o: number,
  oPlane: number,
  f: number,
  fImage: number,
  fPlane: number,
  xRow: number,
  oRow: number,
  fRow: number,
  height: number,
  width: number,
  rows: number,
  columns: number,
  kernelHeight: number,
  kernelWidth: number,
  strideDown: number,
  strideRight: number,
  top: number,
  left: number,
  dilationDown: number,
  dilationRight: number,
  whole: number,
  wholeEnd: number,
) => void;

const PARAMETERS = 28;

export function exportMaxOfWindows(module: ModuleBuilder): void {
  const code = module.function(Array(PARAMETERS).fill("i32"), []);
  const parameters = [...Array(PARAMETERS).keys()];
  const [f, fImage, fPlane, xRow, oRow, fRow, height, width] = parameters.slice(ON_PLANES);
  const [rows, columns, kh, kw, sh, sw, top, left, dh, dw, whole, wholeEnd] = parameters.slice(ON_PLANES + 8);
  const [i, j, values, places, rowsInside, row, column, p, q] = locals(code, 9);
  const [first, at, here, place, columnsInside, xStep, hereStep, step, isPairs] = locals(code, 9);
  const best = code.local("f32");
  const value = code.local("f32");
  const vector = (): number => code.local("v128");
  const [lanes, bests, found, firstPlaces, nowPlaces, taken, second, isLarger, nextRow, nextColumn] =
    Array.from({ length: 10 }, vector);

  /**
   * Of the window at `position` along an axis: how many elements lie in the plane, and the plane's element under the
   * first of them; of a window of nothing but padding an element that the plane has.
   */
  const clip = (
    position: number,
    [stride, padding, dilation, kernel, size]: readonly number[],
    inside: number,
    element: number,
  ): void => {
    code.get(position).get(stride).op(i32.mul).get(padding).op(i32.sub).set(element);
    /** The window's first element that is not before an edge, `edge - element` further on. */
    const firstFrom = (edge: number | undefined): void => {
      if (edge === undefined) code.i32(0);
      else code.get(edge);
      code.get(element).op(i32.sub).tee(step);
      code.get(dilation).op(i32.add).i32(1).op(i32.sub).get(dilation).op(i32.div_u);
      code.i32(0).get(step).i32(0).op(i32.gt_s).op(control.select).tee(step).get(kernel);
      code.get(step).get(kernel).op(i32.lt_s).op(control.select);
    };
    firstFrom(size);
    code.set(inside);
    firstFrom(undefined);
    code.set(step);
    code.get(inside).get(step).op(i32.sub).set(inside);
    code.get(element).get(step).get(dilation).op(i32.mul).op(i32.add).set(element);
    code.get(element).i32(0).get(element).i32(0).op(i32.gt_s).op(control.select).set(element);
    code.get(size).i32(1).op(i32.sub).tee(step).get(element);
    code.get(step).get(element).op(i32.lt_s).op(control.select).set(element);
  };

  /** The address of the plane's element (row, column), and its index in the plane. */
  const locate = (): void => {
    code.get(row).get(width).op(i32.mul).get(column).op(i32.add).set(place);
    code.get(PLANE_X).get(row).get(xRow).op(i32.mul).op(i32.add);
    code.get(column).i32(2).op(i32.shl).op(i32.add).set(first);
  };
  const address = (base: number): Code => code.get(base).get(j).i32(2).op(i32.shl).op(i32.add);

  const one = (): void => {
    clip(j, [sw, left, dw, kw, width], columnsInside, column);
    locate();
    code.f32(Number.NEGATIVE_INFINITY).set(best);
    code.get(place).set(here);
    code.get(rowsInside).set(p);
    code.times(p, () => {
      code.get(first).set(at).get(here).set(step).get(columnsInside).set(q);
      code.times(q, () => {
        code.get(at).memory(f32.load).set(value);
        code.get(best).get(value).op(f32.lt).get(value).get(value).op(f32.eq).op(i32.eqz).op(i32.or);
        code.if(() => code.get(value).set(best).get(step).set(place));
        code.get(at).get(dw).i32(2).op(i32.shl).op(i32.add).set(at);
        code.advanceBy(step, dw);
      });
      code.advanceBy(first, xStep);
      code.advanceBy(here, hereStep);
    });
    address(values).get(best).memory(f32.store);
    address(places).get(place).memory(i32.store);
  };

  /** Elements of one column of four windows side by side, and their indices, against the largest so far. */
  const take = (elements: number): void => {
    code.get(elements).get(bests).op(f32x4.gt).get(elements).get(elements).op(f32x4.ne).op(v128.or);
    code.set(isLarger);
    code.get(elements).get(bests).get(isLarger).op(v128.bitselect).set(bests);
    code.get(nowPlaces).get(found).get(isLarger).op(v128.bitselect).set(found);
    code.get(nowPlaces).get(nextColumn).op(i32x4.add).set(nowPlaces);
  };
  /** One element of each of four windows. Nothing past the last is read. */
  const load = (): void => {
    code.get(sw).i32(1).op(i32.eq);
    code.if(
      () => code.get(at).memory(v128.load),
      () => {
        code.get(sw).i32(2).op(i32.eq);
        code.if(
          () =>
            code
              .get(at)
              .memory(v128.load)
              .get(at)
              .memory(v128.load, 12)
              .shuffle(words(0, 2, 5, 7)),
          () => {
            code.get(sw).i32(2).op(i32.shl).set(step);
            code.get(at).memory(v128.load32_splat).set(taken);
            code.get(at).set(q);
            for (const lane of [1, 2, 3]) {
              code.advanceBy(q, step);
              code.get(q).get(taken).laneMemory(v128.load32_lane, lane).set(taken);
            }
            code.get(taken);
          },
          "v128",
        );
      },
      "v128",
    );
    code.set(taken);
  };
  const eachColumn = (): void => {
    code.get(first).set(at).get(kw).set(columnsInside);
    code.times(columnsInside, () => {
      load();
      take(taken);
      code.get(at).get(dw).i32(2).op(i32.shl).op(i32.add).set(at);
    });
  };
  /** Windows of two columns next to each other, the usual ones: both columns are in two vectors. */
  const bothColumns = (): void => {
    code.get(first).memory(v128.load).tee(taken);
    code
      .get(first)
      .memory(v128.load, 16)
      .tee(second)
      .shuffle(words(0, 2, 4, 6));
    code
      .get(taken)
      .get(second)
      .shuffle(words(1, 3, 5, 7))
      .set(second)
      .set(taken);
    take(taken);
    take(second);
  };
  const four = (): void => {
    code.get(j).get(sw).op(i32.mul).get(left).op(i32.sub).set(column);
    locate();
    code.f32x4(Number.NEGATIVE_INFINITY).set(bests);
    code.get(place).op(i32x4.splat).get(lanes).op(i32x4.add).tee(found).set(firstPlaces);
    code.get(rowsInside).set(p);
    code.times(p, () => {
      code.get(firstPlaces).set(nowPlaces);
      code.get(isPairs).if(bothColumns, eachColumn);
      code.get(firstPlaces).get(nextRow).op(i32x4.add).set(firstPlaces);
      code.advanceBy(first, xStep);
    });
    address(values).get(bests).memory(v128.store);
    address(places).get(found).memory(v128.store);
  };

  code.get(kw).i32(2).op(i32.eq).get(sw).i32(2).op(i32.eq).op(i32.and);
  code.get(dw).i32(1).op(i32.eq).op(i32.and).set(isPairs);
  code.get(dh).get(xRow).op(i32.mul).set(xStep);
  code.get(dh).get(width).op(i32.mul).tee(hereStep).op(i32x4.splat).set(nextRow);
  code.get(dw).op(i32x4.splat).set(nextColumn);
  code.v128([0, 1, 2, 3]).get(sw).op(i32x4.splat).op(i32x4.mul).set(lanes);
  eachPlane(code, [[f, fImage, fPlane]], () => {
    code.i32(0).set(i).get(PLANE_O).set(values).get(f).set(places);
    code.block(() => {
      code.loop(() => {
        code.get(i).get(rows).op(i32.eq).brIf(1);
        clip(i, [sh, top, dh, kh, height], rowsInside, row);
        code.get(whole).set(j);
        code.block(() => {
          code.loop(() => {
            code.get(j).get(wholeEnd).op(i32.ge_s).brIf(1);
            // The last four may overlap those before.
            code.get(wholeEnd).i32(4).op(i32.sub).get(j).get(j).get(wholeEnd).i32(4).op(i32.sub);
            code.op(i32.gt_s).op(control.select).set(j);
            four();
            code.advance(j, 4);
            code.br(0);
          });
        });
        code.i32(0).set(j);
        code.block(() => {
          code.loop(() => {
            code.get(wholeEnd).get(j).get(j).get(whole).op(i32.eq).op(control.select).tee(j);
            code.get(columns).op(i32.ge_s).brIf(1);
            one();
            code.advance(j, 1);
            code.br(0);
          });
        });
        code.advanceBy(values, oRow);
        code.advanceBy(places, fRow);
        code.advance(i, 1);
        code.br(0);
      });
    });
  });
  module.export("max", code);
}
