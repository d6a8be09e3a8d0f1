/** Statements broken into lines as black breaks them. */
import { flat } from "./flat.ts";
import type { Expr } from "./tree.ts";

/** How long a line may be. */
export const WIDTH = 88;
const INDENT = "    ";

/** Lines at a depth of blocks. */
export function indented(lines: readonly string[], depth = 1): string[] {
  return lines.map((line) => (line === "" ? "" : INDENT.repeat(depth) + line));
}

/** The lines of `before + expr + after` at a depth of blocks, from the margin: at the last bracket where one line is too short. */
export function statement(before: string, expr: Expr, depth: number, after = ""): string[] {
  const line = `${before}${flat(expr)}${after}`;
  const room = WIDTH - INDENT.length * depth;
  if (line.length <= room) return [line];
  if (expr.kind === "repeated") return comprehension(before, expr, depth, after);
  const [open, items, close] = bracketOf(expr);
  if (items.length === 0) return before === "" ? [line] : inParentheses(before, expr, depth, after);
  const body = items.map(([prefix, item]) => prefix + flat(item)).join(", ");
  const isOne = items.length === 1 && expr.kind === "tuple";
  if (body.length <= room - INDENT.length && !isOne)
    return [`${before}${open}`, INDENT + body, `${close}${after}`];
  const lines = items.flatMap(([prefix, item]) => statement(prefix, item, depth + 1, ","));
  return [`${before}${open}`, ...indented(lines), `${close}${after}`];
}

/** `[`, the item, and the loop: on one line within the brackets, or on two. */
function comprehension(
  before: string,
  expr: Expr & { kind: "repeated" },
  depth: number,
  after: string,
): string[] {
  const loop = `for _ in range(${expr.count})`;
  const line = `${flat(expr.item)} ${loop}`;
  const fits = line.length <= WIDTH - INDENT.length * (depth + 1);
  const inner = fits ? [line] : [...statement("", expr.item, depth + 1), loop];
  return [`${before}${expr.open}`, ...indented(inner), `]${after}`];
}

function inParentheses(before: string, expr: Expr, depth: number, after: string): string[] {
  const inner = operands(expr, depth + 1);
  return [`${before}(`, ...indented(inner), `)${after}`];
}

/** An operation on one line, or its operands on one each. */
function operands(expr: Expr, depth: number): string[] {
  const line = flat(expr);
  if (line.length <= WIDTH - INDENT.length * depth || expr.kind !== "binary") return [line];
  const rest = flat({ ...expr, left: { kind: "atom", text: "" } }).trimStart();
  return [...operands(expr.left, depth), rest];
}

type Item = readonly [prefix: string, item: Expr];

/** What stands before the last bracket, within it and behind it; nothing within where there is none. */
function bracketOf(expr: Expr): [open: string, items: readonly Item[], close: string] {
  switch (expr.kind) {
    case "call": {
      const items = expr.args.map(({ name, value }): Item => [name === undefined ? "" : `${name}=`, value]);
      // Parentheses of the callee, as of `(a + b).sum()`, belong to it.
      return [flat({ ...expr, args: [] }).slice(0, -1), items, ")"];
    }
    case "list":
      return ["[", expr.items.map((item): Item => ["", item]), "]"];
    case "tuple":
      return ["(", expr.items.map((item): Item => ["", item]), ")"];
    case "dict":
      return ["{", expr.entries.map(([key, value]): Item => [`"${key}": `, value]), "}"];
    default:
      return ["", [], ""];
  }
}

/** `def name(parameters) -> result:` at a depth of blocks. */
export function signature(
  name: string,
  parameters: readonly string[],
  depth: number,
  result: string,
): string[] {
  const end = result === "" ? "):" : `) -> ${result}:`;
  const line = `def ${name}(${parameters.join(", ")}${end}`;
  const room = WIDTH - INDENT.length * depth;
  if (line.length <= room) return [line];
  const body = parameters.join(", ");
  // A trailing comma stands behind a list of one a line only.
  if (body.length <= room - INDENT.length) return [`def ${name}(`, INDENT + body, end];
  return [`def ${name}(`, ...parameters.map((parameter) => `${INDENT}${parameter},`), end];
}
