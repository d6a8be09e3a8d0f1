/** The table of lowerings: one entry per call, and per primitive where a call has none. */
import type { Lowerings } from "../emit.ts";
import { attentions } from "./attention.ts";
import { convolutions } from "./convolutions.ts";
import { empties, factories, fills, overwrites } from "./factories.ts";
import { indexing, positions, scatters } from "./indexing.ts";
import { determinants, products } from "./linear.ts";
import { losses } from "./losses.ts";
import { normalizations, standardizing } from "./normalization.ts";
import { pooling } from "./pooling.ts";
import { rearranging } from "./rearranging.ts";
import { recurrences } from "./recurrent.ts";
import { orders, reductions } from "./reductions.ts";
import { resizing } from "./resizing.ts";
import { shapes, views } from "./shapes.ts";
import { diagonals, planes, traces, windows } from "./windows.ts";

/** By the name of a function or a method. */
export const calls: Lowerings = {
  ...views,
  ...diagonals,
  ...traces,
  ...windows,
  ...convolutions,
  ...pooling,
  ...resizing,
  ...normalizations,
  ...indexing,
  ...orders,
  ...rearranging,
  ...factories,
  ...empties,
  ...losses,
  ...determinants,
};

/** By the name of a primitive that is no formula; the formulas are lowered by themselves. */
export const primitives: Lowerings = {
  ...shapes,
  ...planes,
  ...products,
  ...reductions,
  ...positions,
  ...scatters,
  ...fills,
  ...standardizing,
  ...attentions,
  ...recurrences,
};

/** By the name of a primitive that writes over its first operand: the new contents. */
export const writes: Lowerings = { ...overwrites, ...scatters };

/** Calls that give a view or a copy, as the input's layout has it. */
export const MAYBE_VIEWS: ReadonlySet<string> = new Set(["reshape", "flatten"]);

/** Calls whose results show the memory of their input, where the calls within them are not known. */
export const VIEWS: ReadonlySet<string> = new Set(
  [...Object.keys({ ...views, ...diagonals, ...windows }), "at"].filter((name) => !MAYBE_VIEWS.has(name)),
);
