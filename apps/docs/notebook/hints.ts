/** What may help after a mistake in a name: an import, or the name that is meant. */
import { findModule } from "./modules.ts";

type Names = Readonly<Record<string, unknown>>;

/** A hint for an error of the engine's, whose message names what is missing. */
export function hintFor(error: string, message: string): string | undefined {
  const name =
    error === "ReferenceError" ? /^(?:Can't find variable: )?([\w$]+)/.exec(message)?.[1] : undefined;
  if (name !== undefined) return hintForName(name);
  const method = error === "TypeError" ? /([\w$]+) is not a function/.exec(message)?.[1] : undefined;
  const close = method === undefined ? undefined : nearest(method, methodNames());
  return close === undefined || close === method ? undefined : `Did you mean .${close}()?`;
}

function hintForName(name: string): string | undefined {
  const library = findModule("flambeau") as Names;
  if (name in library) return `import { ${name} } from "flambeau"`;
  const inner = namespaces(library).find(([, names]) => name in names);
  if (inner !== undefined) return `${inner[0]}.${name}, with import { ${inner[0]} } from "flambeau"`;
  const close = nearest(name, [...Object.keys(library), ...Object.keys(globalThis)]);
  if (close === undefined) return undefined;
  return close in library && !(close in globalThis)
    ? `Did you mean ${close}? import { ${close} } from "flambeau"`
    : `Did you mean ${close}?`;
}

/** `nn`, `optim` and their like. */
function namespaces(library: Names): [string, Names][] {
  return Object.entries(library).filter(
    (entry): entry is [string, Names] =>
      typeof entry[1] === "object" && entry[1] !== null && Object.getPrototypeOf(entry[1]) === null,
  );
}

/** The methods of the library's classes, and its functions. */
function methodNames(): string[] {
  const library = findModule("flambeau") as Names;
  const values = [library, ...namespaces(library).map(([, names]) => names)].flatMap((names) =>
    Object.entries(names),
  );
  const found = new Set<string>();
  for (const [name, value] of values) {
    if (typeof value !== "function") continue;
    found.add(name);
    let at: object | null = (value as { prototype?: object }).prototype ?? null;
    for (; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at) as object | null)
      for (const key of Object.getOwnPropertyNames(at)) if (key !== "constructor") found.add(key);
  }
  return [...found];
}

/** The closest of the names, if one is close: PyTorch's snake_case form first, then one or two letters away. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const camel = name.replaceAll(/(?<=\w)_(\w)/g, (_, letter: string) => letter.toUpperCase());
  if (names.includes(camel)) return camel;
  const most = name.length < 5 ? 1 : 2;
  let best: string | undefined;
  let least = most + 1;
  for (const other of names) {
    if (Math.abs(other.length - name.length) > most) continue;
    // Capitals count less than letters.
    const away = distance(name.toLowerCase(), other.toLowerCase()) + distance(name, other) / 100;
    if (away < least) [best, least] = [other, away];
  }
  return best;
}

/** Levenshtein's distance, with two letters swapped as one step (Damerau). */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(rows[i - 1][j] + 1, row[j - 1] + 1, change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j], rows[i - 2][j - 2] + 1);
    }
    rows.push(row);
  }
  return rows[a.length][b.length];
}
