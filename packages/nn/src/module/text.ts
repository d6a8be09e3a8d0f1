import { nameOf } from "./location.ts";
import { keyOf, ownModules } from "./members.ts";
import type { Module } from "./module.ts";

/**
 * A module as PyTorch prints it: its class, what `extraRepr` says, and its children indented.
 * Source of the layout: PyTorch 1.13, torch/nn/modules/module.py (`__repr__`).
 */
export function moduleText(module: Module): string {
  const extra = module.extraRepr();
  // A child may have a text of its own.
  const children = ownModules(module).map(
    ([name, child]) => `(${keyOf(module, name)}): ${indent(child.toString())}`,
  );
  const lines = extra === "" ? children : [...extra.split("\n"), ...children];
  const name = nameOf(module);
  if (lines.length === 0) return `${name}()`;
  if (lines.length === 1 && children.length === 0) return `${name}(${extra})`;
  return `${name}(\n  ${lines.join("\n  ")}\n)`;
}

function indent(text: string): string {
  return text.replaceAll("\n", "\n  ");
}

/** A number as Python prints a float: 1.0, 0.01, 1e-05. */
export function floatText(x: number): string {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x < 0 ? "-inf" : "inf";
  const size = Math.abs(x);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    // Python writes at least two digits of exponent.
    return x.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  }
  return Number.isInteger(x) ? `${x}.0` : String(x);
}

/** A number as Python prints an int where it is whole, else a float. */
export function numberText(x: number): string {
  return Number.isInteger(x) && Math.abs(x) < 1e16 ? String(x) : floatText(x);
}

/** Python's True and False. */
export function boolText(x: boolean): string {
  return x ? "True" : "False";
}

/** Sizes as Python prints a tuple: (3, 3), (3,). */
export function tupleText(sizes: readonly number[]): string {
  return sizes.length === 1 ? `(${sizes[0]},)` : `(${sizes.join(", ")})`;
}
