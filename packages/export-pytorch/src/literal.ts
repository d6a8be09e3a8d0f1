/** Python's literals and calls, laid out as black lays them out. */
import { ValueError } from "@flambeau/backend";

const WIDTH = 88;
const INDENT = "    ";

/** A call, or a list or tuple, with what stands before its brackets. */
export interface PyCall {
  /** What stands before the arguments: `torch.optim.SGD(`. */
  readonly open: string;
  readonly args: readonly PyArg[];
  readonly close: string;
}

/** An argument: text, or a call; with its name or key before it. */
export interface PyArg {
  readonly label: string;
  readonly value: string | PyCall;
}

/** `name=value`. */
export function named(name: string, value: string | PyCall): PyArg {
  return { label: `${name}=`, value };
}

/** An argument by its place. */
export function plain(value: string | PyCall): PyArg {
  return { label: "", value };
}

/** A call of a function. */
export function call(name: string, args: readonly PyArg[]): PyCall {
  return { open: `${name}(`, args, close: ")" };
}

/** A list. */
export function list(items: readonly (string | PyCall)[]): PyCall {
  return { open: "[", args: items.map(plain), close: "]" };
}

/**
 * An expression behind `before`, on one line where it fits, else over several.
 *
 * @param before - the indent, and what stands on the line before it.
 * @param after - what stands behind it, such as a comma.
 */
export function layOut(before: string, value: string | PyCall, after = ""): string {
  const flat = flatOf(value);
  if (
    typeof value === "string" ||
    value.args.length === 0 ||
    before.length + flat.length + after.length <= WIDTH
  )
    return `${before}${flat}${after}`;
  const indent = `${/^ */.exec(before)?.[0] ?? ""}${INDENT}`;
  const inside = value.args.map(({ label, value: x }) => `${label}${flatOf(x)}`).join(", ");
  const lines =
    indent.length + inside.length <= WIDTH
      ? [`${indent}${inside}`]
      : value.args.map(({ label, value: x }) => layOut(`${indent}${label}`, x, ","));
  return [`${before}${value.open}`, ...lines, `${indent.slice(INDENT.length)}${value.close}${after}`].join(
    "\n",
  );
}

function flatOf(value: string | PyCall): string {
  if (typeof value === "string") return value;
  const inside = value.args.map(({ label, value: x }) => `${label}${flatOf(x)}`).join(", ");
  return `${value.open}${inside}${value.close}`;
}

/**
 * A value of an option in Python.
 *
 * @throws ValueError when it is none that Python writes so.
 */
export function literal(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return pyText(value);
  if (typeof value === "number") return pyNumber(value);
  if (Array.isArray(value)) {
    const items = value.map(literal);
    return items.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`;
  }
  throw new ValueError(`exportPyTorch: an option is ${String(value)}, which has no literal in Python`);
}

/** A text in double quotes, as black writes it. */
export function pyText(text: string): string {
  return JSON.stringify(text);
}

/** Python turns to exponents below 1e-4 and from 1e16, and writes them with two digits at least. */
function pyNumber(x: number): string {
  if (Number.isNaN(x)) return 'float("nan")';
  if (!Number.isFinite(x)) return x > 0 ? 'float("inf")' : '-float("inf")';
  const size = Math.abs(x);
  if (x === 0 || (size >= 1e-4 && size < 1e16)) return String(x);
  return x.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
}

/** A camelCase name in snake_case. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
