/** Expressions on one line, spaced as black spaces them. */
import type { Arg, Expr } from "./tree.ts";

const levels: Readonly<Record<string, number>> = {
  "**": 14,
  "~": 13,
  "-": 13,
  "*": 12,
  "/": 12,
  "//": 12,
  "%": 12,
  "@": 12,
  "&": 9,
  "^": 8,
  "|": 7,
};
const SUM = 11;
const COMPARISON = 6;
const ATOM = 20;

/** How tightly an expression holds together: Python's precedences. */
function levelOf(expr: Expr): number {
  if (expr.kind === "unary") return levels[expr.operator];
  if (expr.kind !== "binary") return expr.kind === "atom" && expr.text.startsWith("-") ? levels["-"] : ATOM;
  return expr.operator === "+" || expr.operator === "-" ? SUM : (levels[expr.operator] ?? COMPARISON);
}

/** An expression on one line. */
export function flat(expr: Expr): string {
  switch (expr.kind) {
    case "atom":
      return expr.text;
    case "attribute":
      return `${operand(expr.of, ATOM)}.${expr.name}`;
    case "call":
      return `${operand(expr.callee, ATOM)}(${expr.args.map(argument).join(", ")})`;
    case "index":
      return `${operand(expr.of, ATOM)}[${subscript(expr.items)}]`;
    case "slice":
      return slice(expr.parts, false);
    case "unary":
      return `${expr.operator}${operand(expr.of, levelOf(expr))}`;
    case "binary":
      return binary(expr);
    case "list":
      return `[${expr.items.map(flat).join(", ")}]`;
    case "repeated":
      return `${expr.open}${flat(expr.item)} for _ in range(${expr.count})]`;
    case "dict":
      return `{${expr.entries.map(([key, value]) => `"${key}": ${flat(value)}`).join(", ")}}`;
    case "tuple":
      return tuple(expr.items);
    default:
      // Holes are filled by then.
      return "";
  }
}

function argument({ name, value }: Arg): string {
  return name === undefined ? flat(value) : `${name}=${flat(value)}`;
}

function tuple(items: readonly Expr[]): string {
  return items.length === 1 ? `(${flat(items[0])},)` : `(${items.map(flat).join(", ")})`;
}

/** A part of an expression, in parentheses unless it holds together as tightly as needed. */
function operand(expr: Expr, least: number): string {
  const text = flat(expr);
  // A dot would belong to a number.
  const isNumber = expr.kind === "atom" && /^\d/.test(text) && least === ATOM;
  return levelOf(expr) < least || isNumber ? `(${text})` : text;
}

function binary(expr: Expr & { kind: "binary" }): string {
  const { operator, left, right } = expr;
  const level = levelOf(expr);
  // Powers bind to the right, comparisons do not chain.
  const isPower = operator === "**";
  const a = operand(left, level + (isPower || level === COMPARISON ? 1 : 0));
  const b = isPower ? operand(right, levels["-"]) : operand(right, level + 1);
  return isPower && isSimple(left) && isSimple(right) ? `${a}**${b}` : `${a} ${operator} ${b}`;
}

/** What black joins with `**` without spaces: names, attributes of them, numbers. */
function isSimple(expr: Expr): boolean {
  if (expr.kind === "unary") return expr.of.kind === "atom" && /^\d/.test(expr.of.text);
  return expr.kind === "atom" || (expr.kind === "attribute" && isSimple(expr.of));
}

function subscript(items: readonly Expr[]): string {
  const isPlain = (expr: Expr | null): boolean =>
    expr === null ||
    expr.kind === "atom" ||
    (expr.kind === "list" && expr.items.every(isPlain)) ||
    (expr.kind === "unary" && isPlain(expr.of)) ||
    (expr.kind === "slice" && expr.parts.every(isPlain));
  const isComplex = !items.every(isPlain);
  return items.map((item) => (item.kind === "slice" ? slice(item.parts, isComplex) : flat(item))).join(", ");
}

/** `1:3`; with spaces, as of an operator, beside what is more than a name or a number. */
function slice(parts: readonly (Expr | null)[], isComplex: boolean): string {
  return parts.reduce<string>((text, part, i) => {
    const own = part === null ? "" : flat(part);
    if (i === 0) return own;
    const before = isComplex && text !== "" && !text.endsWith(":") ? " " : "";
    return `${text}${before}:${isComplex && own !== "" ? " " : ""}${own}`;
  }, "");
}
