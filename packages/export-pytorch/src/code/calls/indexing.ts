/** Indexes as Python writes them: `x[:, -1]`, `x[1:3, ::2]`, `x[mask]`. */
import { type Argument, Size, Value } from "@flambeau/graph";
import { ExportError } from "../errors.ts";
import type { BodyExpr, Hole } from "../hole.ts";
import { boolOf, none, numberOf } from "../python/literals.ts";
import { atom, hole } from "../python/tree.ts";

/** The items between the brackets. */
export function indexItems(index: Argument): BodyExpr[] {
  return (index as readonly Argument[]).map(itemOf);
}

function itemOf(item: Argument): BodyExpr {
  if (item instanceof Value || item instanceof Size) return hole<Hole>(item);
  if (item === null) return none;
  if (typeof item === "number") return numberOf(item);
  if (typeof item === "boolean") return boolOf(item);
  if (typeof item === "bigint") return atom(String(item));
  if (typeof item === "string") return textOf(item);
  if (Array.isArray(item)) return { kind: "list", items: item.map(itemOf) };
  if (item !== undefined && "text" in item && "sizes" in item)
    return textOf(item.text as string, [...(item.sizes as readonly Argument[])]);
  throw new ExportError("an index holds what no file of code can hold");
}

/** `"1:3"` as a slice, `"..."` as it is; `sizes` stand for the signs in it. */
function textOf(text: string, sizes: Argument[] = []): BodyExpr {
  const trimmed = text.trim();
  if (trimmed === "...") return atom("...");
  const parts = trimmed.split(":").map((part) => partOf(part.trim(), sizes));
  if (parts.length === 1) return parts[0] as BodyExpr;
  return { kind: "slice", parts: parts.length === 3 && parts[2] === null ? parts.slice(0, 2) : parts };
}

function partOf(part: string, sizes: Argument[]): BodyExpr | null {
  if (part === "") return null;
  if (!part.endsWith("#")) return numberOf(Number(part));
  const size = itemOf(sizes.shift() as Argument);
  return part.startsWith("-") ? { kind: "unary", operator: "-", of: size } : size;
}
