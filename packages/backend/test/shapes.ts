/** Small shapes and their indices, all of them: what is said of shapes is checked for each. */
import type { Shape } from "@flambeau/backend";

/** Every shape of up to so many dimensions with sizes from 0 to `largest`. */
export function everyShape(dims: number, largest: number): number[][] {
  let shapes: number[][] = [[]];
  const all = [...shapes];
  for (let d = 0; d < dims; d++) {
    shapes = shapes.flatMap((shape) => Array.from({ length: largest + 1 }, (_, size) => [...shape, size]));
    all.push(...shapes);
  }
  return all;
}

/** The indices of a shape's elements in row-major order. */
export function indicesOf(shape: Shape): number[][] {
  return shape.reduce<number[][]>(
    (found, size) => found.flatMap((index) => Array.from({ length: size }, (_, i) => [...index, i])),
    [[]],
  );
}

/** Where an element lies. */
export function offsetOf(index: readonly number[], strides: Shape): number {
  return index.reduce((sum, i, d) => sum + i * strides[d], 0);
}
