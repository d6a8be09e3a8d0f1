/**
 * The check of the gradients, checked: each rule with its sign turned, with a factor 2 and with a factor of 1.001 has to
 * be found out within the draws that the right one is given.
 */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { elementwiseRules, type Rule, structuralRules } from "@flambeau/autograd";
import { E } from "@flambeau/backend";
import { type ElementwiseName, type Formula, type Operand, record, Tensor } from "@flambeau/tensor";
import fc from "fast-check";
import { between, elementwiseCases, functionOf, operands, type Sample } from "../samples/index.ts";
import { plain } from "../samples/sample.ts";
import { checkGradients } from "./check.ts";

/** Derivatives that are zero wherever they exist: no factor makes a difference. */
const flat = new Set(["floorDivide", "sign", "floor", "ceil", "trunc", "round"]);
const factors = { "sign turned": -1, doubled: 2, "off by a thousandth": 1.001 };

const survives = (cases: Sample["cases"], step?: number): boolean => {
  const property = fc.property(cases, fc.nat(), (c, seed) => checkGradients(c, seed, { step }));
  return !fc.check(property, { numRuns: 40, endOnFailure: true }).failed;
};

const rules = elementwiseRules as unknown as Record<string, readonly (Formula | null)[]>;
let mutants = 0;

describe("wrong rules are found out", () => {
  for (const name of Object.keys(operands) as ElementwiseName[]) {
    if (flat.has(name)) continue;
    test(name, () => {
      for (let k = 0; k < rules[name].length; k++) {
        const formula = rules[name][k];
        if (formula === null) continue;
        for (const [what, factor] of Object.entries(factors)) {
          // A test-local op: the real one's values, recorded under a name whose rule is wrong in one operand.
          const local = `${name} ${k} ${what}`;
          rules[local as keyof typeof rules] = rules[name].map((f, i) =>
            i === k ? (values) => E.mul(factor, formula(values)) : f,
          );
          const run = (...args: Operand[]): Tensor => {
            const out = functionOf(name)(...args.map((x) => (x instanceof Tensor ? x.detach() : x)));
            return record(local as ElementwiseName, args, undefined, out);
          };
          mutants++;
          const found = operands[name].some((list) => !survives(elementwiseCases(run, list)));
          delete rules[local];
          assert.ok(found, `${name}: the formula of operand ${k}, ${what}, passes the check`);
        }
      }
    });
  }

  test("rules that are no formula", () => {
    const structural = structuralRules as unknown as Record<string, Rule<undefined>>;
    const right: Rule<undefined> = { saves: [0], backward: (c, g) => [g.mul(c.input(0)).mul(2)] };
    const wrong: Rule<undefined>[] = [
      { saves: [0], backward: (c, g) => [g.mul(c.input(0)).mul(-2)] },
      { saves: [0], backward: (c, g) => [g.mul(c.input(0))] },
      // Right to first order, but cut off from the input for the second.
      { saves: [0], backward: (c, g) => [g.mul(c.input(0).detach()).mul(2)] },
      { saves: [], backward: () => [null] },
    ];
    const cases = plain(between(-2, 2), (x) =>
      record("testSquare" as never, [x], undefined as never, x.detach().square()),
    );
    for (const rule of [right, ...wrong]) {
      structural.testSquare = rule;
      mutants++;
      assert.equal(survives(cases), rule === right);
    }
    delete structural.testSquare;
  });

  after(() => console.log(`counted: cpu mutants: ${mutants} wrong rules tried`));
});
