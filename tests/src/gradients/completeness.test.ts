/** Nothing that has a gradient goes without a rule, a sample and hence a test. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { elementwiseRules, structuralRules } from "@flambeau/autograd";
import * as T from "@flambeau/tensor";
import { isAlias } from "../records/aliases.ts";
import { type Completeness, problemsOf } from "../records/completeness.ts";
import { indexForms, operands, samples, withoutGradient } from "../samples/index.ts";

type Table = Record<string, unknown>;
const opOf = (f: unknown): T.Elementwise | undefined => (f as { op?: T.Elementwise } | null | undefined)?.op;

const ops = new Map(
  Object.values(T as unknown as Table).flatMap((f) => {
    const op = opOf(f);
    return op?.differentiable ? [[op.name, op] as const] : [];
  }),
);
const named = (list: Iterable<string>): string[] => [...list].sort();
const sampled = new Set(samples.map((s) => s.name));
/** The one op that needs a second device; its sample is in gradients.test.ts. */
sampled.add("transfer");

test("every elementwise op has a rule and samples, and there are no others", () => {
  assert.deepEqual(named(Object.keys(elementwiseRules)), named(ops.keys()));
  assert.deepEqual(named(Object.keys(operands)), named(ops.keys()));
});

test("a rule has a formula or null for every operand, and null for those only that cannot have a gradient", () => {
  for (const [name, op] of ops) {
    const rule = elementwiseRules[name as T.ElementwiseName];
    assert.equal(rule.length, op.arity, name);
    for (const list of operands[name as T.ElementwiseName]) {
      assert.equal(list.length, op.arity, name);
    }
    rule.forEach((formula, k) => {
      // An operand with a formula is drawn as a tensor by at least one sample.
      const drawn = operands[name as T.ElementwiseName].some(
        (list) => typeof list[k] === "object" && "min" in list[k],
      );
      assert.equal(formula !== null, drawn, `${name}, operand ${k}`);
    });
  }
});

test("every other op has a rule and samples", () => {
  const say = (name: string): string =>
    `${name} has a rule and no samples: add them to tests/src/samples/structural.ts`;
  const rules = Object.keys(structuralRules);
  assert.deepEqual(problemsOf({ names: rules, table: rules.filter((name) => sampled.has(name)), say }), []);
});

describe("every public function and method has gradient samples or is known to have no gradient", () => {
  const table = T as unknown as Table;
  const functions = Object.keys(table).filter((name) => typeof table[name] === "function" && !isAlias(name));
  const prototype = Object.getOwnPropertyDescriptors(T.Tensor.prototype);
  const methods = Object.keys(prototype).filter(
    (name) =>
      name !== "constructor" && typeof prototype[name].value === "function" && !isAlias(`Tensor.${name}`),
  );
  const inPlace = new Set([...ops.keys()].map((name) => `${name}_`));
  const names = new Set([...functions, ...methods].filter((name) => !inPlace.has(name)));
  const samplesOf = (all: ReadonlySet<string>): Completeness => ({
    names,
    table: [...all].filter((name) => names.has(name)),
    without: { "it has no gradient": [...withoutGradient] },
    say: (name) => `${name} has no gradient samples: add them to tests/src/samples/composite.ts`,
  });

  test("now", () => assert.deepEqual(problemsOf(samplesOf(sampled)), []));

  test("and not without those of any", () => {
    for (const name of [...sampled].filter((one) => names.has(one))) {
      const others = new Set([...sampled].filter((other) => other !== name));
      assert.deepEqual(problemsOf(samplesOf(others)), [
        `${name} has no gradient samples: add them to tests/src/samples/composite.ts`,
      ]);
    }
  });
});

test("views of the class itself and every form of index are sampled", () => {
  for (const name of ["T", "mT", "at", "set", "var"]) assert.ok(sampled.has(name), name);
  assert.ok(Object.keys(indexForms).length >= 20);
});
