/** `loss_fn(output, target)`: a loss module, or the traced calls of a function. */
import type { Value } from "@flambeau/graph";
import { Module } from "@flambeau/nn";
import type { Body } from "./body/body.ts";
import { type BodyParameter, stepsOf } from "./body/steps.ts";
import { writeBody } from "./body/write.ts";
import { ExportError } from "./errors.ts";
import { type NamedParameter, parametersOfFunction } from "./function-text.ts";
import type { BodyExpr, Constant, Hole } from "./hole.ts";
import { isOwnClass } from "./modules/class-of.ts";
import { constructorOf } from "./modules/construct.ts";
import { indented, signature } from "./python/layout.ts";
import { type Expr, fill, hole } from "./python/tree.ts";
import { bodyLines } from "./render.ts";
import type { Loss, Traced } from "./structure/traced.ts";
import { smallTensor } from "./tensors.ts";

interface LossContext {
  readonly helper: (name: string) => string;
  readonly detached: Body["detached"];
}

/** The lines of the function. */
export function lossLines(
  { model, rest, lossCalls, loss: output }: Traced,
  loss: Loss,
  context: LossContext,
): string[] {
  const [only] = lossCalls;
  // What a module of the user calls within it is the loss's own.
  const isOwn = lossCalls.length === 1 && only.module !== null && isOwnClass(only.module);
  const names = parametersOfFunction(loss instanceof Module ? loss.forward : loss);
  const given: readonly NamedParameter[] = loss instanceof Module && !isOwn ? [] : names;
  const first: BodyParameter = {
    name: given[0]?.name || "output",
    pattern: model.result,
    isNamed: false,
    parts: given[0]?.parts ?? [],
  };
  const others = rest.map((pattern, i): BodyParameter => {
    const usual = i === 0 ? "target" : `target${i + 1}`;
    return { name: given[i + 1]?.name || usual, pattern, isNamed: false };
  });
  const steps = stepsOf(isOwn ? only.inner : lossCalls, {
    moduleOf: ({ module }): BodyExpr => moduleExpr(module as Module, context),
    isOwn: () => false,
    helper: context.helper,
  });
  const written = writeBody({
    parameters: [first, ...others],
    steps,
    output,
    fieldOf: constantExpr,
    rows: [],
    detached: context.detached,
    detachedOutputs: new Set(),
    scalarName: "loss",
  });
  return [
    ...signature("loss_fn", written.parameters, 0, "torch.Tensor"),
    ...indented(['"""Return the loss of a batch."""', ...bodyLines(written, 1)]),
  ];
}

function moduleExpr(module: Module, { helper }: LossContext): BodyExpr {
  if (module.parameters().length > 0)
    throw new ExportError("a loss with parameters: hold it in the model, which the optimizer trains");
  return constructorOf(module, {
    child: (inner) => moduleExpr(inner, { helper, detached: new Map() }),
    helper,
  });
}

function constantExpr(value: Value, device: Expr<Constant>): Expr<Constant> | undefined {
  if (value.tensor === null) return undefined;
  if (value.origin === "constant") {
    const literal = smallTensor(value.tensor, "the loss: a constant", hole<Hole>("device"));
    return fill<Hole, Constant>(literal, () => device);
  }
  throw new ExportError(
    `the loss uses ${value.name} of the model: compute that part in the model's forward, and return it`,
  );
}
