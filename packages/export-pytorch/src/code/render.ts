/** The lines of model.py. */
import type { Statement, Written } from "./body/body.ts";
import type { Constant } from "./hole.ts";
import { indented, signature, statement } from "./python/layout.ts";
import { numberOf } from "./python/literals.ts";
import { type Expr, fill } from "./python/tree.ts";
import type { Line, PythonClass } from "./structure/draft.ts";

/** Numbers in their places. */
export function settled(expr: Expr<Constant>): Expr {
  return fill<Constant, never>(expr, ({ value }) => numberOf(value));
}

/** A class. */
export function classLines({ name, parameters, kept, init, forward }: PythonClass): string[] {
  const own = [
    ...signature("__init__", ["self", ...parameters], 1, ""),
    ...indented([
      "super().__init__()",
      ...kept.map((parameter) => `self.${parameter} = ${parameter}`),
      ...init.flatMap((line) => initLines(line, 2)),
    ]),
  ];
  const run =
    forward === null
      ? []
      : [
          "",
          ...signature("forward", ["self", ...forward.parameters], 1, ""),
          ...indented(bodyLines(forward, 2)),
        ];
  return [`class ${name}(nn.Module):`, ...indented([...own, ...run])];
}

export function initLines({ before, expr }: Line, depth: number): string[] {
  return statement(before, settled(expr), depth);
}

/** The statements of a body at a depth of blocks, from the margin. */
export function bodyLines({ statements }: Pick<Written, "statements">, depth: number): string[] {
  return statements.flatMap((one) => statementLines(one, depth));
}

function statementLines({ before, expr, after, inner }: Statement, depth: number): string[] {
  const settledExpr = settled(expr);
  // A tuple that is returned takes no parentheses.
  const lines =
    before === "return " && settledExpr.kind === "tuple" && settledExpr.items.length > 1
      ? returnLines(settledExpr, depth)
      : statement(before, settledExpr, depth, after);
  return [...lines, ...indented(inner.flatMap((one) => statementLines(one, depth + 1)))];
}

function returnLines(expr: Expr & { kind: "tuple" | "list" }, depth: number): string[] {
  const lines = statement("return ", expr, depth);
  return lines.length === 1 ? [lines[0].replace(/^return \((.*)\)$/, "return $1")] : lines;
}
