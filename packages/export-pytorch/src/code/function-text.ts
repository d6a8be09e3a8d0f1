/** What the parameters of a function are called, read from its text. */

/** A parameter: its name, and those of its parts where it is taken apart. */
export interface NamedParameter {
  readonly name: string;
  readonly parts: readonly string[];
}

/** The parameters of a function, as far as its text has names. */
export function parametersOfFunction(f: (...args: never[]) => unknown): NamedParameter[] {
  const text = Function.prototype.toString.call(f);
  const single = /^(?:async\s+)?([\w$]+)\s*=>/.exec(text)?.[1];
  if (single !== undefined) return [{ name: single, parts: [] }];
  return split(inBrackets(text, text.indexOf("("))).map(readParameter);
}

function readParameter(text: string): NamedParameter {
  const name = /^\s*(?:\.\.\.)?([\w$]+)/.exec(text)?.[1];
  if (name !== undefined) return { name, parts: [] };
  const open = text.search(/[[{]/);
  const parts = open < 0 ? [] : split(inBrackets(text, open)).map((part) => partName(part));
  return { name: "", parts };
}

/** `mu` of `mu`, of `mu = 0` and of `mean: mu`. */
function partName(text: string): string {
  return /^\s*(?:[\w$]+\s*:)?\s*([\w$]+)/.exec(text)?.[1] ?? "";
}

/** What stands between a bracket and the one that closes it. */
function inBrackets(text: string, open: number): string {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if ("([{".includes(text[i])) depth++;
    if (")]}".includes(text[i])) depth--;
    if (depth === 0) return text.slice(open + 1, i);
  }
  return "";
}

/** Parts between commas that are in no brackets. */
function split(list: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < list.length; i++) {
    if ("([{".includes(list[i])) depth++;
    if (")]}".includes(list[i])) depth--;
    if (list[i] === "," && depth === 0) {
      parts.push(list.slice(start, i));
      start = i + 1;
    }
  }
  const last = list.slice(start);
  return last.trim() === "" ? parts : [...parts, last];
}
