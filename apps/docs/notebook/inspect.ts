/**
 * Values as text, as Node's console.log has them: a cell prints in the page what the same lines print in a terminal.
 *
 * The rules are those of Node's lib/internal/util/inspect.js with its defaults (depth 2, 80 columns, compact 3, 100
 * items); test/inspect.test.ts compares the results.
 */
import { groupItems } from "./inspect-groups.ts";

export const LINE = 80;
const DEPTH = 2;
export const COMPACT = 3;
export const MOST_ITEMS = 100;
const CUSTOM = Symbol.for("nodejs.util.inspect.custom");

interface State {
  /** What a value is shown as in place of its own text: GPU tensors, whose values were fetched. */
  readonly texts: ReadonlyMap<object, string>;
  readonly path: object[];
  readonly circular: Map<object, number>;
  indentation: number;
  depth: number;
}

/** What `console.log(...values)` prints. */
export function format(values: readonly unknown[], texts: ReadonlyMap<object, string> = new Map()): string {
  const [first, ...rest] = values;
  if (typeof first !== "string") return values.map((value) => top(value, texts)).join(" ");
  let used = 0;
  const text = first.replace(/%([sdifjoOc%])/g, (whole, kind: string) => {
    if (kind === "%") return rest.length > 0 ? "%" : whole;
    if (used >= rest.length) return whole;
    return directive(kind, rest[used++], texts);
  });
  return [text, ...rest.slice(used).map((value) => top(value, texts))].join(" ");
}

function directive(kind: string, value: unknown, texts: ReadonlyMap<object, string>): string {
  if (kind === "s") return typeof value === "bigint" ? `${value}n` : top(value, texts);
  if (kind === "d") return typeof value === "bigint" ? `${value}n` : number(Number(value));
  if (kind === "i")
    return typeof value === "bigint" ? `${value}n` : number(Number.parseInt(String(value), 10));
  if (kind === "f") return number(Number.parseFloat(String(value)));
  if (kind === "j") return JSON.stringify(value) ?? "undefined";
  return kind === "c" ? "" : inspect(value, texts);
}

function top(value: unknown, texts: ReadonlyMap<object, string>): string {
  return typeof value === "string" ? value : inspect(value, texts);
}

/** What Node's `util.inspect(value)` gives. */
export function inspect(value: unknown, texts: ReadonlyMap<object, string> = new Map()): string {
  return show({ texts, path: [], circular: new Map(), indentation: 0, depth: 0 }, value, 0);
}

function show(state: State, value: unknown, level: number): string {
  if (value === null) return "null";
  if (typeof value === "string") return longString(state, value);
  if (typeof value === "number") return number(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" && typeof value !== "function") return String(value);
  const text = state.texts.get(value) ?? customText(value);
  if (text !== undefined) return text.replaceAll("\n", `\n${" ".repeat(state.indentation)}`);
  if (state.path.includes(value)) {
    if (!state.circular.has(value)) state.circular.set(value, state.circular.size + 1);
    return `[Circular *${state.circular.get(value)}]`;
  }
  return object(state, value, level);
}

function customText(value: object): string | undefined {
  const custom = (value as { [CUSTOM]?: unknown })[CUSTOM];
  if (typeof custom !== "function") return undefined;
  const result: unknown = custom.call(value, DEPTH, { depth: DEPTH, breakLength: LINE }, inspect);
  return typeof result === "string" ? result : inspect(result);
}

function object(state: State, value: object, level: number): string {
  const name = className(value);
  const described = describe(value, name);
  if (typeof described === "string") return described;
  const { base, open, close, keys, items, isList } = described;
  if (base !== "" && keys.length === 0 && items === undefined) return base;
  if (base === "" && keys.length === 0 && items?.length === 0) return `${open}${close}`;
  if (base === "" && keys.length === 0 && items === undefined) return `${open}${close}`;
  if (level > DEPTH) return `[${Array.isArray(value) ? "Array" : (name ?? "Object: null prototype")}]`;
  const inner = level + 1;
  state.path.push(value);
  state.depth = inner;
  const entries = [
    ...(items?.(state, inner) ?? []),
    ...keys.map((key) => property(state, value, key, inner)),
  ];
  state.path.pop();
  const reference = state.circular.get(value);
  const prefix = reference === undefined ? "" : `<ref *${reference}> `;
  return fold(
    state,
    entries,
    base,
    `${base === "" ? prefix : ""}${open}`,
    close,
    inner,
    isList ? value : undefined,
  );
}

interface Described {
  /** What stands before the braces and may stand alone: `[Function: f]`. */
  readonly base: string;
  readonly open: string;
  readonly close: string;
  readonly keys: readonly (string | symbol)[];
  /** Texts of what an array, a map or a set holds; undefined where there is nothing but keys. Its length is their number. */
  readonly items?: { (state: State, level: number): string[]; length: number };
  readonly isList: boolean;
}

function describe(value: object, name: string | undefined): string | Described {
  const label = name ?? "[Object: null prototype]";
  const keys = keysOf(value);
  const none = { base: "", isList: false, keys };
  if (Array.isArray(value)) {
    const prefix = name === "Array" ? "" : `${label}(${value.length}) `;
    const listed = keys.filter((key) => typeof key === "symbol" || !/^(0|[1-9]\d*)$/.test(key));
    const items = sized(value.length, (state, level) => listItems(state, value, level));
    return { base: "", open: `${prefix}[`, close: "]", keys: listed, items, isList: true };
  }
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const array = value as unknown as ArrayLike<number | bigint>;
    const items = sized(array.length, () =>
      cut(
        Array.from({ length: Math.min(array.length, MOST_ITEMS) }, (_, i) => plain(array[i])),
        array.length,
      ),
    );
    return { base: "", open: `${label}(${array.length}) [`, close: "]", keys: [], items, isList: true };
  }
  if (value instanceof Map) {
    const items = sized(value.size, (state, level) =>
      indented(state, () =>
        [...value].map(([k, v]) => `${show(state, k, level)} => ${show(state, v, level)}`),
      ),
    );
    return { ...none, open: `${label}(${value.size}) {`, close: "}", items };
  }
  if (value instanceof Set) {
    const items = sized(value.size, (state, level) =>
      indented(state, () => [...value].map((v) => show(state, v, level))),
    );
    return { ...none, open: `${label}(${value.size}) {`, close: "}", items };
  }
  if (typeof value === "function") return { ...none, base: functionText(value), open: "{", close: "}" };
  if (value instanceof Error) return { ...none, keys: [], base: errorText(value), open: "{", close: "}" };
  if (value instanceof RegExp) return { ...none, base: String(value), open: "{", close: "}" };
  if (value instanceof Date) return { ...none, base: dateText(value), open: "{", close: "}" };
  const tag = (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
  const tagText = typeof tag === "string" && tag !== "" && tag !== name ? `${label} [${tag}] ` : `${label} `;
  const prefix = tagText === "Object " ? "" : tagText;
  return { ...none, open: `${prefix}{`, close: "}" };
}

function sized(length: number, items: (state: State, level: number) => string[]): Described["items"] {
  const of = (state: State, level: number): string[] => items(state, level);
  Object.defineProperty(of, "length", { value: length });
  return of;
}

function indented<T>(state: State, work: () => T): T {
  state.indentation += 2;
  const result = work();
  state.indentation -= 2;
  return result;
}

function listItems(state: State, list: readonly unknown[], level: number): string[] {
  const texts: string[] = [];
  let at = 0;
  while (at < list.length && texts.length < MOST_ITEMS) {
    if (at in list) {
      texts.push(property(state, list, String(at), level, true));
      at++;
      continue;
    }
    let end = at;
    while (end < list.length && !(end in list)) end++;
    texts.push(`<${end - at} empty item${end - at > 1 ? "s" : ""}>`);
    at = end;
  }
  return at < list.length ? [...texts, more(list.length - at)] : texts;
}

function cut(texts: string[], length: number): string[] {
  return length > texts.length ? [...texts, more(length - texts.length)] : texts;
}

function more(count: number): string {
  return `... ${count} more item${count > 1 ? "s" : ""}`;
}

function property(state: State, owner: object, key: string | symbol, level: number, isItem = false): string {
  const { get, set, value } = Object.getOwnPropertyDescriptor(owner, key) ?? { value: undefined };
  let text: string;
  if (get) text = set ? "[Getter/Setter]" : "[Getter]";
  else if (set) text = "[Setter]";
  else text = indented(state, () => show(state, value, level));
  return isItem ? text : `${keyText(key)}: ${text}`;
}

function keyText(key: string | symbol): string {
  if (typeof key === "symbol") return String(key);
  // Plain, it would read as the object's prototype.
  if (key === "__proto__") return "['__proto__']";
  return /^[a-zA-Z_][a-zA-Z_0-9]*$/.test(key) ? key : quote(key);
}

function keysOf(value: object): (string | symbol)[] {
  const symbols = Object.getOwnPropertySymbols(value).filter((key) =>
    Object.prototype.propertyIsEnumerable.call(value, key),
  );
  return [...Object.keys(value), ...symbols];
}

/** One line if the entries fit and nest no deeper than three levels, otherwise a line for each, or columns. */
function fold(
  state: State,
  entries: string[],
  base: string,
  open: string,
  close: string,
  level: number,
  list: object | undefined,
): string {
  const head = base === "" ? "" : `${base} `;
  const lines =
    list !== undefined && entries.length > 6
      ? groupItems(entries, list as ArrayLike<unknown>, state.indentation)
      : entries;
  if (state.depth - level < COMPACT && lines === entries) {
    const start = entries.length + state.indentation + open.length + base.length + 10;
    const joined = entries.join(", ");
    const total = entries.reduce((sum, entry) => sum + entry.length, entries.length + start);
    if (total <= LINE && !base.includes("\n") && !joined.includes("\n"))
      return `${head}${open} ${joined} ${close}`;
  }
  const newline = `\n${" ".repeat(state.indentation)}`;
  return `${head}${open}${newline}  ${lines.join(`,${newline}  `)}${newline}${close}`;
}

function className(value: object): string | undefined {
  for (let owner: object | null = value; owner !== null; owner = Object.getPrototypeOf(owner)) {
    const made = Object.getOwnPropertyDescriptor(owner, "constructor")?.value as unknown;
    if (typeof made === "function" && made.name !== "" && value instanceof made) return made.name;
  }
  return undefined;
}

function functionText(value: object): string {
  const { name } = value as { name: string };
  const source = Function.prototype.toString.call(value);
  if (/^class\b/.test(source)) {
    const parent = (Object.getPrototypeOf(value) as { name?: string } | null)?.name;
    return `[class ${name === "" ? "(anonymous)" : name}${parent ? ` extends ${parent}` : ""}]`;
  }
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  return name === "" ? `[${kind} (anonymous)]` : `[${kind}: ${name}]`;
}

function errorText(error: Error): string {
  return error.message === "" ? error.name : `${error.name}: ${error.message}`;
}

function dateText(date: Date): string {
  return Number.isNaN(date.getTime()) ? "Invalid Date" : date.toISOString();
}

function number(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

function plain(value: number | bigint): string {
  return typeof value === "bigint" ? `${value}n` : number(value);
}

/** A string inside of something: quoted, and long ones broken at their line ends. */
function longString(state: State, text: string): string {
  if (text.length <= 16 || text.length <= LINE - state.indentation - 4) return quote(text);
  return text
    .split(/(?<=\n)/)
    .map(quote)
    .join(` +\n${" ".repeat(state.indentation + 2)}`);
}

function quote(text: string): string {
  let mark = "'";
  if (text.includes("'")) {
    if (!text.includes('"')) mark = '"';
    else if (!text.includes("`") && !text.includes("${")) mark = "`";
  }
  const named: Record<string, string> = {
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
    "\\": "\\\\",
  };
  const escaped = text.replace(/[\p{Cc}\p{Cs}'\\]/gu, (c) => {
    if (c === "'") return mark === "'" ? "\\'" : c;
    const code = c.charCodeAt(0);
    return (
      named[c] ??
      (code < 256
        ? `\\x${code.toString(16).toUpperCase().padStart(2, "0")}`
        : `\\u${code.toString(16).toUpperCase()}`)
    );
  });
  return `${mark}${escaped}${mark}`;
}
