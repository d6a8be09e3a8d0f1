import {
  type BinaryExpr,
  type DType,
  type Expr,
  isFloat,
  type MapKernel,
  ValueError,
} from "@flambeau/backend";
import type { Stream } from "../stream.ts";

const QUOTIENT = "integers cannot be divided by zero";
const REMAINDER = "integers have no remainder by zero";
const problems: Readonly<Record<string, string>> = {
  floordiv: QUOTIENT,
  truncdiv: QUOTIENT,
  mod: REMAINDER,
  fmod: REMAINDER,
};

/** Whether integers are divided here by what only the device sees: a number that is the same everywhere is the caller's to check. */
export function isRiskyDivision({ fn, b }: BinaryExpr): boolean {
  return fn in problems && b.kind !== "param" && b.kind !== "const";
}

const known: WeakMap<MapKernel, string> = new WeakMap();

/**
 * The code of the error that a kernel divides integers by zero, which the next read throws as a ValueError; 0 where it
 * divides none.
 */
export function divisionCode(stream: Stream, kernel: MapKernel, compute: DType): number {
  if (isFloat(compute)) return 0;
  let problem = known.get(kernel);
  if (problem === undefined) {
    problem = firstOf(kernel.outputs);
    known.set(kernel, problem);
  }
  if (problem === "") return 0;
  const text = `${kernel.name}: ${problem}`;
  return stream.errors.code(text, () => new ValueError(text));
}

function firstOf(exprs: readonly Expr[]): string {
  for (const expr of exprs) {
    if (expr.kind === "binary" && isRiskyDivision(expr)) return problems[expr.fn];
    const inner = firstOf(operandsOf(expr));
    if (inner !== "") return inner;
  }
  return "";
}

function operandsOf(expr: Expr): Expr[] {
  if (expr.kind === "unary") return [expr.a];
  if (expr.kind === "binary") return [expr.a, expr.b];
  return expr.kind === "select" ? [expr.condition, expr.a, expr.b] : [];
}
