/**
 * All work that the libraries' processes do, in the order of the table.
 *
 * @module
 */
import type { Work } from "./work.ts";
import { works as chapter } from "./works/chapter.ts";
import { works as cnn } from "./works/cnn.ts";
import { works as elementwise } from "./works/elementwise.ts";
import { works as lstm } from "./works/lstm.ts";
import { works as matmul } from "./works/matmul.ts";
import { works as mlp } from "./works/mlp.ts";
import { works as programs } from "./works/programs.ts";

export const works: readonly Work[] = [
  ...chapter,
  ...mlp,
  ...cnn,
  ...lstm,
  ...matmul,
  ...elementwise,
  ...programs,
];
