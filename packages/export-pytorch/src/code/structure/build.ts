import { Module, Parameter } from "@flambeau/nn";
import type { Constant } from "../hole.ts";
import { isOwnClass } from "../modules/class-of.ts";
import { flat } from "../python/flat.ts";
import { indented, statement } from "../python/layout.ts";
import { boolOf } from "../python/literals.ts";
import { atom, attribute, call, type Expr } from "../python/tree.ts";
import { initLines, settled } from "../render.ts";
import type { Classes } from "./classes.ts";
import type { Line } from "./draft.ts";
import { fieldExpr, fieldsOf } from "./fields.ts";
import type { Shared } from "./shared.ts";

/** `build_model()`, with what is shared and what is not trained. */
export function buildLines(model: Module, classes: Classes, shared: readonly Shared[]): string[] {
  const built = settled(classes.constructorOf(model) as Expr<Constant>);
  const frozen = frozenIn(model, atom("model"));
  const more = [
    ...shared.flatMap((one) => initLines(sharedLine(one), 1)),
    ...frozen.map((expr) => flat(call(attribute(expr, "requires_grad_"), boolOf(false)))),
  ];
  const make =
    more.length === 0
      ? statement("return ", built, 1)
      : [...statement("model = ", built, 1), ...more, "return model"];
  return [
    "def build_model() -> nn.Module:",
    ...indented(['"""Return the model as it was exported, without its weights."""', ...make]),
  ];
}

/** `self.head.weight = self.embed.weight`. */
export function sharedLine({ to, from }: Shared): Line {
  return { before: `${flat(to)} = `, expr: from };
}

/** Parameters and layers of the library that are not trained; those of the user's fields say so themselves. */
function frozenIn(holder: Module, of: Expr): Expr[] {
  return fieldsOf(holder).flatMap((field) => {
    const expr = fieldExpr(of, holder, field);
    if (!(field.member instanceof Module)) return [];
    const own = field.member.parameters();
    if (own.length === 0 || own.every(({ requiresGrad }) => requiresGrad)) return [];
    if (own.every(({ requiresGrad }) => !requiresGrad)) return [expr];
    const parameters = isOwnClass(field.member)
      ? []
      : fieldsOf(field.member).filter(({ member }) => member instanceof Parameter && !member.requiresGrad);
    const inner = parameters.map((one) => fieldExpr(expr, field.member as Module, one));
    return [...inner, ...frozenIn(field.member, expr)];
  });
}
