/** A class before it is known which modules share it, and its text. */
import type { Module } from "@flambeau/nn";
import type { Written } from "../body/body.ts";
import type { Constant } from "../hole.ts";
import { flat } from "../python/flat.ts";
import { atom, type Expr, fill } from "../python/tree.ts";

type Done = Expr<Constant>;

/** A line of `__init__`: `self.fc1 = nn.Linear(2, 3)`. */
export interface Line {
  readonly before: string;
  readonly expr: Done;
}

/** One module as a class would be written for it alone. */
export interface Draft {
  readonly module: Module;
  readonly name: string;
  readonly init: readonly Line[];
  readonly forward: Written | null;
}

/** A class of the file. */
export interface PythonClass {
  readonly name: string;
  /** Parameters of `__init__`. */
  readonly parameters: readonly string[];
  /** Those that `forward` needs, too. */
  readonly kept: readonly string[];
  readonly init: readonly Line[];
  readonly forward: Written | null;
}

/** The text of a body with a sign for each number. */
export function textOf(forward: Written | null): string {
  if (forward === null) return "";
  const lines = (statements: Written["statements"]): string[] =>
    statements.flatMap(({ before, expr, inner }) => [
      before + signed(expr),
      ...lines(inner).map((l) => `  ${l}`),
    ]);
  return [forward.parameters.join(), ...lines(forward.statements)].join("\n");
}

export function signed(expr: Done): string {
  return flat(fill<Constant, never>(expr, () => atom("#")));
}
