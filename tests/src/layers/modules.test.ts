/** Gradients of every module and loss, by its inputs and parameters, against finite differences, first and second order. */
import { describe, test } from "node:test";
import { checkGradients } from "../gradients/check.ts";
import { moduleGradients } from "./modules.ts";

/** Two, so that weights and directions of one draw hide nothing. */
const seeds = [1, 2];

describe("gradients of modules against finite differences", () => {
  for (const [name, cases] of Object.entries(moduleGradients)) {
    test(name, () => {
      for (const c of cases) for (const seed of seeds) checkGradients(c, seed);
    });
  }
});
