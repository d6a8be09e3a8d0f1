/** The body of a function: what it is given, the steps, and what it returns. */
import type { Argument, Call, Value } from "@flambeau/graph";
import type { Constant } from "../hole.ts";
import type { Expr } from "../python/tree.ts";
import type { ModuleRow } from "./loops.ts";
import type { BodyParameter, Step } from "./steps.ts";

/** A body to be written. */
export interface Body {
  readonly parameters: readonly BodyParameter[];
  readonly steps: readonly Step[];
  readonly output: Argument;
  /** The expression of a tensor that the body finds elsewhere: `self.scale`; undefined where it has none. */
  readonly fieldOf: (value: Value, device: Expr<Constant>) => Expr<Constant> | undefined;
  /** Lists of modules that the body may run one after the other. */
  readonly rows: readonly ModuleRow[];
  /** Operands of a call through which no gradient goes, though one goes into them. */
  readonly detached: ReadonlyMap<Call, ReadonlySet<Value>>;
  /** Those of what it returns. */
  readonly detachedOutputs: ReadonlySet<Value>;
  /** What a number is called that a reduction gives: "loss". */
  readonly scalarName?: string;
}

/** A line, or a block of lines. */
export interface Statement {
  /** What stands before the expression: `x = `, `return `, `for layer in `. */
  readonly before: string;
  readonly expr: Expr<Constant>;
  readonly after: string;
  /** Within a loop. */
  readonly inner: readonly Statement[];
}

/** A body as it is written. */
export interface Written {
  readonly parameters: readonly string[];
  readonly statements: readonly Statement[];
}
