import type { Code } from "./codegen/assembler.ts";
import { i32 } from "./codegen/opcodes.ts";

/** The parameters that functions on planes have first. */
const [images, xImage, oImage, planes, x, xPlane, o, oPlane] = Array(8).keys();
export const ON_PLANES: number = 8;
/** Of these, the addresses of the plane that a body works on. */
export const PLANE_X: number = x;
export const PLANE_O: number = o;

/**
 * Runs the body for each plane of each image, with its addresses in {@link PLANE_X} and {@link PLANE_O}, and in the first of each three
 * `others`, which are an address and its distances between images and planes.
 */
export function eachPlane(
  code: Code,
  others: readonly (readonly [address: number, image: number, plane: number])[],
  body: () => void,
): void {
  const addresses = [[x, xImage, xPlane], [o, oImage, oPlane], ...others];
  const left = code.local("i32");
  const firsts = locals(code, addresses.length);
  code.times(images, () => {
    for (const [k, [address]] of addresses.entries()) code.get(address).set(firsts[k]);
    code.get(planes).set(left);
    code.times(left, () => {
      body();
      for (const [address, , plane] of addresses) code.advanceBy(address, plane);
    });
    for (const [k, [address, image]] of addresses.entries())
      code.get(firsts[k]).get(image).op(i32.add).set(address);
  });
}

/** So many new locals for integers. */
export function locals(code: Code, count: number): number[] {
  return Array.from({ length: count }, () => code.local("i32"));
}

/** Elements of two planes that stay in the first cache. */
const AT_ONCE = 1024;

/** Sets `rows` to how many rows of so many columns are worked on at once: vectors below each other first, then those beside them. */
export function rowsAtOnce(code: Code, columns: number, rows: number): void {
  code.i32(AT_ONCE).get(columns).i32(1).op(i32.or).op(i32.div_u).i32(1).op(i32.add).set(rows);
}

/** Moves `pointer` by `rows` times a distance. */
export function advanceRows(code: Code, rows: number, pointer: number, distance: number): void {
  code.get(rows).get(distance).op(i32.mul).get(pointer).op(i32.add).set(pointer);
}
