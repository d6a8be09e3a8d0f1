/** A body that is another one in each mode. */
import type { Statement, Written } from "../body/body.ts";
import { atom } from "../python/tree.ts";

/** A branch for training, and what evaluation does behind it. */
export function bothModes(training: Written, evaluation: Written): Written {
  const branch: Statement = {
    before: "if ",
    expr: atom("self.training"),
    after: ":",
    inner: training.statements,
  };
  return { ...training, statements: [branch, ...evaluation.statements] };
}
