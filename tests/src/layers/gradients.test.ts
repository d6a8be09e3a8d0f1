/**
 * Gradients of the layers' functions against finite differences, first and second order.
 */
import { describe, test } from "node:test";
import fc from "fast-check";
import { checkGradients } from "../gradients/check.ts";
import { check } from "../property.ts";
import { layerCases } from "./cases.ts";

const runs = 40;

describe("gradients of layers against finite differences", () => {
  for (const [name, drawn] of Object.entries(layerCases)) {
    test(name, () =>
      check(
        fc.property(drawn, fc.nat(), (c, seed) => checkGradients(c, seed, { smooth: true })),
        runs,
      ),
    );
  }
});
