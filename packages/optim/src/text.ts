import type { GroupOptions, ParamGroup } from "./group.ts";
import { snakeCase } from "./state-names.ts";

/** An optimizer's text as PyTorch prints it: names and values are Python's. */
export function describeGroups(name: string, groups: readonly ParamGroup<GroupOptions>[]): string {
  let text = `${name} (`;
  groups.forEach((group, i) => {
    const lines = Object.entries(group)
      .filter(([key]) => key !== "params")
      .map(([key, value]) => [snakeCase(key), pythonText(value)])
      .sort(([a], [b]) => (a < b ? -1 : 1));
    text += `\nParameter Group ${i}\n${lines.map(([key, value]) => `    ${key}: ${value}\n`).join("")}`;
  });
  return `${text})`;
}

function pythonText(value: unknown): string {
  if (Array.isArray(value)) {
    // Names are a list there, numbers a tuple.
    return value.every((entry) => typeof entry === "string")
      ? `[${value.map((entry) => `'${entry}'`).join(", ")}]`
      : `(${value.map(pythonText).join(", ")})`;
  }
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "number" ? pythonNumber(value) : String(value);
}

/** Python turns to exponents below 1e-4 and from 1e16, and writes them with two digits at least. */
function pythonNumber(x: number): string {
  const size = Math.abs(x);
  if (x === 0 || (size >= 1e-4 && size < 1e16)) return String(x);
  return x.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
}
