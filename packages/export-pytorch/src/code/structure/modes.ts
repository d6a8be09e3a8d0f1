/** A body in training and in evaluation mode as one: `self.training` where they differ in it, or a branch for each. */
import type { Statement, Written } from "../body/body.ts";
import type { Constant } from "../hole.ts";
import { atom, type Expr } from "../python/tree.ts";

type Done = Expr<Constant>;

/** The body of both modes. */
export function bothModes(training: Written, evaluation: Written): Written {
  const same = sameStatements(training.statements, evaluation.statements);
  if (same !== undefined) return { ...training, statements: same };
  const branch: Statement = {
    before: "if ",
    expr: atom("self.training"),
    after: ":",
    inner: training.statements,
  };
  return { ...training, statements: [branch, ...evaluation.statements] };
}

function sameStatements(a: readonly Statement[], b: readonly Statement[]): Statement[] | undefined {
  if (a.length !== b.length) return undefined;
  const both: Statement[] = [];
  for (const [i, one] of a.entries()) {
    const other = b[i];
    const expr = one.before === other.before ? sameExpr(one.expr, other.expr) : undefined;
    const inner = sameStatements(one.inner, other.inner);
    if (expr === undefined || inner === undefined) return undefined;
    both.push({ ...one, expr, inner });
  }
  return both;
}

/** An expression with `self.training` where one has True and the other False; undefined where they differ in more. */
function sameExpr(a: Done, b: Done): Done | undefined {
  const [x, y] = [JSON.stringify(a), JSON.stringify(b)];
  if (x === y) return a;
  let failed = false;
  const merge = (one: unknown, other: unknown): unknown => {
    if (Object.is(one, other)) return one;
    if (Array.isArray(one) && Array.isArray(other) && one.length === other.length)
      return one.map((part, i) => merge(part, other[i]));
    if (isObject(one) && isObject(other)) {
      if (one.kind === "atom" && other.kind === "atom") {
        if (one.text === other.text) return one;
        if (one.text === "True" && other.text === "False") return atom("self.training");
        if (one.text === "False" && other.text === "True") return atom("not self.training");
      }
      if (one.kind === "hole" && JSON.stringify(one) === JSON.stringify(other)) return one;
      const keys = Object.keys(one);
      if (one.kind !== "hole" && keys.join() === Object.keys(other).join())
        return Object.fromEntries(keys.map((key) => [key, merge(one[key], other[key])]));
    }
    failed = true;
    return one;
  };
  const both = merge(a, b) as Done;
  return failed ? undefined : both;
}

function isObject(x: unknown): x is Record<string, unknown> {
  return typeof x === "object" && x !== null && !Array.isArray(x);
}
