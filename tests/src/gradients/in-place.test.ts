/** Every elementwise op in place, on a tensor and through a view, and with operands of mixed dtypes. */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import type { ElementwiseName, Tensor } from "@flambeau/tensor";
import fc from "fast-check";
import { check } from "../property.ts";
import { inPlaceNames, Unsuitable, writing } from "../samples/in-place.ts";
import { elementwiseCases, functionOf, leafOf, operands } from "../samples/index.ts";
import { checkGradients } from "./check.ts";

let done = 0;

describe("in place", () => {
  for (const name of inPlaceNames) {
    for (const where of ["tensor", "view"] as const) {
      test(`${name}_ on a ${where}`, () => {
        for (const list of operands[name]) {
          check(
            fc.property(elementwiseCases(writing(name, where), list), fc.nat(), (c, seed) => {
              try {
                checkGradients(c, seed);
                done++;
              } catch (error) {
                if (!(error instanceof Unsuitable)) throw error;
              }
            }),
            15,
          );
        }
      });
    }
  }
  after(() => console.log(`counted: cpu in place: ${inPlaceNames.length} ops, ${done} draws checked`));
});

describe("operands of float32 and float64 together", () => {
  for (const name of Object.keys(operands) as ElementwiseName[]) {
    if (operands[name][0].length < 2) continue;
    test(name, () => {
      for (const list of operands[name]) {
        check(
          fc.property(elementwiseCases(functionOf(name), list), fc.nat(2), (c, narrow) => {
            const gradients = (dtype: "float32" | "float64"): Tensor[] => {
              const leaves = c.inputs.map((input, k) =>
                leafOf(input, undefined, k === narrow ? dtype : "float64").requiresGrad_(),
              );
              const expanded = leaves.map((leaf, k) => leaf.expand(c.inputs[k].shape));
              (c.call(...expanded) as Tensor).sum().backward();
              return leaves.map((leaf) => leaf.grad as Tensor);
            };
            const mixed = gradients("float32");
            gradients("float64").forEach((wanted, k) => {
              assert.equal(mixed[k].dtype, k === narrow ? "float32" : "float64");
              const got = mixed[k].double().dataSync();
              // Inputs and results rounded to 24 bits; 1e-4 leaves room for derivatives of up to 100.
              for (const [i, v] of [...wanted.dataSync()].map(Number).entries()) {
                assert.ok(
                  Math.abs(Number(got[i]) - v) <= 1e-4 * Math.max(1, Math.abs(v)),
                  `${got[i]}, not ${v}`,
                );
              }
            });
          }),
          10,
        );
      }
    });
  }
});
