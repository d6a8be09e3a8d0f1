import type { Cases } from "./case.ts";
import { elementwise } from "./elementwise.ts";
import { indexing } from "./indexing.ts";
import {
  attention,
  bags,
  convolutions,
  losses,
  normalizations,
  pooling,
  recurrent,
  resizing,
} from "./layers.ts";
import { products, reductions } from "./reductions.ts";
import { shapes } from "./shapes.ts";
import { writes } from "./writes.ts";

export const families: Readonly<Record<string, Cases>> = {
  elementwise,
  shapes,
  indexing,
  writes,
  reductions,
  products,
  convolutions,
  pooling,
  resizing,
  normalizations,
  attention,
  losses,
  bags,
  recurrent,
};
