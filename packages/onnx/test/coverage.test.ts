import assert from "node:assert/strict";
import { test } from "node:test";
import type { Expr } from "@flambeau/backend";
import { type Call, trace } from "@flambeau/graph";
import { DIRECT } from "../src/lower/direct.ts";
import { BINARY, UNARY } from "../src/lower/functions.ts";
import { calls, primitives, writes } from "../src/lower/index.ts";
import { families } from "./cases/index.ts";

/** What the cases of the sweep call: calls, primitives, writes, and functions within formulas. */
const seen = {
  calls: new Set<string>(),
  primitives: new Set<string>(),
  writes: new Set<string>(),
  formulas: new Set<string>(),
  functions: new Set<string>(),
};

function visit(expr: Expr): void {
  if (expr.kind === "unary" || expr.kind === "binary") seen.functions.add(expr.fn);
  if (expr.kind === "unary") visit(expr.a);
  if (expr.kind === "binary") [expr.a, expr.b].forEach(visit);
  if (expr.kind === "select") [expr.condition, expr.a, expr.b].forEach(visit);
}

function see({ kind, name, formula, inner }: Call): void {
  if (kind === "call") seen.calls.add(name);
  else if (kind === "write") seen.writes.add(name);
  else if (formula === null) seen.primitives.add(name);
  if (formula !== null) {
    seen.formulas.add(formula.name);
    visit(
      formula.formula(
        ...Array.from({ length: formula.arity }, (_, index): Expr => ({ kind: "input", index })),
      ),
    );
  }
  inner.forEach(see);
}

for (const cases of Object.values(families))
  for (const { run, inputs } of Object.values(cases)) trace(run as never, inputs(4)).calls.forEach(see);

for (const [what, table, found] of [
  ["calls", calls, seen.calls],
  ["primitives", primitives, seen.primitives],
  ["writes", writes, seen.writes],
  ["formulas with a form of their own", DIRECT, seen.formulas],
  ["functions of formulas", { ...UNARY, ...BINARY }, seen.functions],
] as const)
  test(`every lowering has a case in the sweep: ${what}`, () => {
    assert.deepEqual(
      // truncdiv stands in formulas of derivatives only.
      Object.keys(table).filter((name) => !found.has(name) && name !== "truncdiv"),
      [],
    );
  });
