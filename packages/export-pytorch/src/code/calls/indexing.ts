/** Indexes as Python writes them: `x[:, -1]`, `x[1:3, ::2]`, `x[mask]`. */
import { type Argument, Size, SizedText, Value } from "@flambeau/graph";
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
  if (item instanceof SizedText) return openRange(item);
  throw new ExportError("an index holds what no file of code can hold");
}

/** `"1:3"` as a slice, `"..."` as it is. */
function textOf(text: string): BodyExpr {
  const trimmed = text.trim();
  if (trimmed === "...") return atom("...");
  return rangeOf(trimmed.split(":").map((part) => (part.trim() === "" ? null : numberOf(Number(part)))));
}

/** A range whose numbers follow from sizes. */
function openRange({ parts }: SizedText): BodyExpr {
  const bounds: (BodyExpr | null)[] = [null];
  for (const part of parts)
    if (typeof part !== "string") bounds[bounds.length - 1] = itemOf(part);
    else bounds.push(...Array.from(part.matchAll(/:/g), () => null));
  return rangeOf(bounds);
}

function rangeOf(parts: readonly (BodyExpr | null)[]): BodyExpr {
  if (parts.length === 1) return parts[0] as BodyExpr;
  return { kind: "slice", parts: parts.length === 3 && parts[2] === null ? parts.slice(0, 2) : parts };
}
