/** Names that stand for another function or method of tensors: what the other has, they have. */
import { functional } from "@flambeau/nn";
import * as T from "@flambeau/tensor";

type Table = Readonly<Record<string, unknown>>;
const functions = T as unknown as Table;
const methods: Table = Object.fromEntries(
  Object.entries(Object.getOwnPropertyDescriptors(T.Tensor.prototype)).map(([name, { value }]) => [
    name,
    value,
  ]),
);

/** The name in its signature, by which it is called there as well. */
function ownName(f: unknown, table: Table): string | undefined {
  if (typeof f !== "function") return undefined;
  const [name] = T.formsOf(f)?.[0].signature.split("(") ?? [];
  return name !== undefined && table[name] === f ? name : undefined;
}

/** Whether `name`, as "clip", "special.erf" or "Tensor.clip_", is another name of what is called so otherwise. */
export function isAlias(name: string): boolean {
  const [last, ...spaces] = name.split(".").reverse();
  const [space] = spaces;
  if (space === "F") {
    const name = ownName((functional as unknown as Table)[last], functional as unknown as Table);
    return name !== undefined && name !== last;
  }
  const table = space === "Tensor" ? methods : space === undefined ? functions : (functions[space] as Table);
  // Functions of linalg are there by themselves, too.
  if (space === undefined && ownName(table[last], functions.linalg as Table) !== undefined) return true;
  const own = ownName(table?.[last], space === "Tensor" ? methods : functions);
  return own !== undefined && (own !== last || (space !== undefined && space !== "Tensor"));
}
