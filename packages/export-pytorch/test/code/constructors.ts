import type { nn } from "flambeau";
import type { BodyExpr, Constant } from "../../src/code/hole.ts";
import { constructorOf } from "../../src/code/modules/construct.ts";
import { flat } from "../../src/code/python/flat.ts";
import type { Expr } from "../../src/code/python/tree.ts";
import { settled } from "../../src/code/render.ts";
import { modules } from "./models/modules.ts";

/** A module's constructor in Python, how both print it, and its keys. */
export interface Constructor {
  readonly source: string;
  readonly text: string;
  readonly keys: readonly string[];
}

/** Those of a module of every class. */
export function constructors(): Constructor[] {
  const child = (module: nn.Module): BodyExpr =>
    constructorOf(module, { child, helper: (name) => `_${name}` });
  return modules().map((module) => ({
    source: flat(settled(child(module) as Expr<Constant>)),
    text: String(module),
    keys: Object.keys(module.stateDict()),
  }));
}
