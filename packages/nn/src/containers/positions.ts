import type { Module } from "../module/module.ts";

/** The element at a position of a list of known length; beyond it, or where the length is not known, any of them. */
type At<L extends Module[], I extends number> = L[I] extends Module ? L[I] : L[number];

/** The first elements of a list by their positions, with their own types: TypeScript takes no properties from a list that it does not see. */
export interface Positions<L extends Module[]> {
  /** The module at position 0. */
  0: At<L, 0>;
  /** The module at position 1. */
  1: At<L, 1>;
  /** The module at position 2. */
  2: At<L, 2>;
  /** The module at position 3. */
  3: At<L, 3>;
  /** The module at position 4. */
  4: At<L, 4>;
  /** The module at position 5. */
  5: At<L, 5>;
  /** The module at position 6. */
  6: At<L, 6>;
  /** The module at position 7. */
  7: At<L, 7>;
  /** The module at position 8. */
  8: At<L, 8>;
  /** The module at position 9. */
  9: At<L, 9>;
  /** The module at position 10. */
  10: At<L, 10>;
  /** The module at position 11. */
  11: At<L, 11>;
}
