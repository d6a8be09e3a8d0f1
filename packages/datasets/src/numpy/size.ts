import { quote, ValueError } from "@flambeau/backend";

/** How many samples to draw: a count, or a shape whose samples come flat, row by row. */
export type Size = number | readonly number[];

/** The number of samples that a size asks for. */
export function count(size: Size): number {
  const dims = typeof size === "number" ? [size] : size;
  for (const dim of dims) {
    if (!(Number.isInteger(dim) && dim >= 0)) {
      throw new ValueError(`a size must be made of integers >= 0, but got ${quote(dim)}`);
    }
  }
  return dims.reduce((product, dim) => product * dim, 1);
}

/** `count(size)` draws, one after the other. */
export function draws(size: Size, draw: () => number): Float64Array {
  const samples = new Float64Array(count(size));
  for (let i = 0; i < samples.length; i++) samples[i] = draw();
  return samples;
}
