/** Parameters, buffers and modules that a model holds in several places. */
import { Module } from "@flambeau/nn";
import type { Tensor } from "@flambeau/tensor";
import type { Expr } from "../python/tree.ts";
import { fieldExpr, fieldsOf } from "./fields.ts";

/** A place that gets what another one holds. */
export interface Shared {
  readonly to: Expr;
  readonly from: Expr;
}

/** The later places of what several modules hold. What one module holds twice its own constructor says. */
export function sharedIn(model: Module, start: Expr): Shared[] {
  const first = new Map<Module | Tensor, { readonly holder: Module; readonly expr: Expr }>();
  const found: Shared[] = [];
  const walk = (holder: Module, of: Expr): void => {
    for (const field of fieldsOf(holder)) {
      const { member } = field;
      const expr = fieldExpr(of, holder, field);
      const earlier = first.get(member);
      if (earlier === undefined) {
        first.set(member, { holder, expr });
        if (member instanceof Module) walk(member, expr);
      } else if (earlier.holder !== holder) found.push({ to: expr, from: earlier.expr });
    }
  };
  walk(model, start);
  return found;
}
