import { quote, ValueError } from "@flambeau/backend";

/** What a header is made of: Python literals. Tuples and lists are told apart, as NumPy means different things by them. */
export type Literal =
  | string
  | number
  | boolean
  | null
  | Literal[]
  | { tuple: Literal[] }
  | Map<string, Literal>;

/** Deeper than any array's header; a hostile file must not exhaust the stack. */
const MAX_DEPTH = 32;

const TOKEN =
  /\s*(?:([{}()[\],:])|('[^'\\]*(?:\\.[^'\\]*)*'|"[^"\\]*(?:\\.[^"\\]*)*")|(-?\d+)L?|([A-Za-z_]\w*))/y;

const CONSTANTS: Readonly<Record<string, boolean | null>> = { True: true, False: false, None: null };

/**
 * Reads one Python literal: strings, integers (also Python 2's `3L`), True, False, None, tuples, lists and dicts with
 * strings for keys.
 *
 * @throws ValueError when the text is anything else.
 */
export function parseLiteral(text: string): Literal {
  const scanner = new RegExp(TOKEN);
  let token: RegExpExecArray | null = null;
  const advance = (): void => {
    const start = scanner.lastIndex;
    token = scanner.exec(text);
    if (token === null && text.slice(start).trim() !== "") throw malformed(text);
  };
  const symbol = (): string | undefined => token?.[1];
  const take = (expected: string): void => {
    if (symbol() !== expected) throw malformed(text);
    advance();
  };

  const items = (close: string, depth: number): { list: Literal[]; comma: boolean } => {
    const list: Literal[] = [];
    let comma = false;
    while (symbol() !== close) {
      list.push(value(depth + 1));
      comma = symbol() === ",";
      if (comma) advance();
      else break;
    }
    take(close);
    return { list, comma };
  };

  const dict = (depth: number): Map<string, Literal> => {
    const entries = new Map<string, Literal>();
    while (symbol() !== "}") {
      const key = value(depth + 1);
      if (typeof key !== "string") throw malformed(text);
      take(":");
      entries.set(key, value(depth + 1));
      if (symbol() !== ",") break;
      advance();
    }
    take("}");
    return entries;
  };

  const value = (depth: number): Literal => {
    if (token === null || depth > MAX_DEPTH) throw malformed(text);
    const [, open, string, integer, word] = token as RegExpExecArray;
    advance();
    if (string !== undefined) return string.slice(1, -1).replace(/\\(.)/g, "$1");
    if (integer !== undefined) return Number(integer);
    if (word !== undefined && Object.hasOwn(CONSTANTS, word)) return CONSTANTS[word];
    if (open === "{") return dict(depth);
    if (open === "[") return items("]", depth).list;
    if (open === "(") {
      const { list, comma } = items(")", depth);
      // In Python (3) is the number, (3,) the tuple.
      return list.length === 1 && !comma ? list[0] : { tuple: list };
    }
    throw malformed(text);
  };

  advance();
  const result = value(0);
  if (token !== null) throw malformed(text);
  return result;
}

function malformed(text: string): ValueError {
  return new ValueError(`the .npy header is no Python literal: ${quote(text.trim())}`);
}
