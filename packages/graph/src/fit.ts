/**
 * Sizes as sums of products of the axes' sizes. A sum of products is linear in each axis, so that its factors are differences of its values at
 * the corners of a box with sides of length 1; a last run elsewhere says whether it is one at all.
 *
 * @module
 */
import { Size, type Term } from "./graph.ts";

/** The axes that are open, and their sizes in each run. */
export interface Runs {
  readonly axes: readonly string[];
  /** Run `r` of the first `2 ** axes.length` has one more along each axis whose bit is set in `r`; the last is the check. */
  readonly sizes: readonly (readonly number[])[];
}

/** The runs that tell what follows from axes of these sizes. */
export function runsFor(base: Readonly<Record<string, number>>): Runs {
  const axes = Object.keys(base);
  const corners = Array.from({ length: 2 ** axes.length }, (_, r) =>
    axes.map((axis, i) => base[axis] + ((r >> i) & 1)),
  );
  return { axes, sizes: [...corners, axes.map((axis, i) => base[axis] + 3 + i)] };
}

/**
 * What a number was in each run as one size, or as a plain number where it was always the same.
 *
 * @returns undefined where no sum of products gives it.
 */
export function fitSize({ axes, sizes }: Runs, values: readonly number[]): number | Size | undefined {
  const [value] = values;
  if (values.every((other) => Object.is(other, value))) return value;
  if (!values.every(Number.isInteger)) return undefined;
  const terms = termsOf(axes, sizes[0], values);
  const matches = sizes.every((at, r) => evaluate(terms, axes, at) === values[r]);
  return matches ? new Size(terms, value) : undefined;
}

/** The terms of the sum of products that has these values at the corners. */
function termsOf(axes: readonly string[], base: readonly number[], values: readonly number[]): Term[] {
  const corners = 2 ** axes.length;
  // Factors of products of (size - base): differences over the bits of each corner.
  const shifted = values.slice(0, corners);
  for (let i = 0; i < axes.length; i++)
    for (let r = 0; r < corners; r++) if ((r >> i) & 1) shifted[r] -= shifted[r ^ (1 << i)];
  // Of products of sizes: (size - base) multiplied out, one axis after the other.
  for (let i = 0; i < axes.length; i++)
    for (let r = 0; r < corners; r++) if ((r >> i) & 1) shifted[r ^ (1 << i)] -= base[i] * shifted[r];
  return shifted
    .map((factor, r) => ({ factor, axes: axes.filter((_, i) => (r >> i) & 1) }))
    .filter(({ factor }) => factor !== 0)
    .reverse();
}

function evaluate(terms: readonly Term[], axes: readonly string[], at: readonly number[]): number {
  return terms.reduce(
    (sum, term) => sum + term.axes.reduce((product, axis) => product * at[axes.indexOf(axis)], term.factor),
    0,
  );
}
