import type { Module } from "../module/module.ts";

/** The element at a position of a list of known length; beyond it, or where the length is not known, any of them. */
type At<L extends Module[], I extends number> = L[I] extends Module ? L[I] : L[number];

/** The first elements of a list by their positions, with their own types: TypeScript takes no properties from a list that it does not see. */
export interface Positions<L extends Module[]> {
  0: At<L, 0>;
  1: At<L, 1>;
  2: At<L, 2>;
  3: At<L, 3>;
  4: At<L, 4>;
  5: At<L, 5>;
  6: At<L, 6>;
  7: At<L, 7>;
  8: At<L, 8>;
  9: At<L, 9>;
  10: At<L, 10>;
  11: At<L, 11>;
}
