import { quote } from "@flambeau/backend";
import { FormatError } from "../errors.ts";

/** As deep as the reference implementation's parser goes. */
const MAX_DEPTH = 128;

/**
 * Refuses a JSON text in which a key stands twice in one object: `JSON.parse` keeps the last one without a word, and other parsers
 * the first, so that two programs would read two files in one. A text that is no JSON may pass.
 *
 * @throws FormatError for a repeated key, and for objects more than 128 deep.
 */
export function checkKeys(json: string): void {
  // The keys of the objects that are open; null for an array.
  const open: (Set<string> | null)[] = [];
  let isKey = false;
  for (let i = 0; i < json.length; i++) {
    const c = json[i];
    if (c === '"') {
      const end = endOfString(json, i);
      const keys = open.at(-1);
      if (isKey && keys) addKey(keys, json.slice(i, end));
      isKey = false;
      i = end - 1;
    } else if (c === "{" || c === "[") {
      if (open.push(c === "{" ? new Set() : null) > MAX_DEPTH)
        throw new FormatError(`.safetensors: the header is nested more than ${MAX_DEPTH} deep`);
      isKey = c === "{";
    } else if (c === "}" || c === "]") open.pop();
    else if (c === ",") isKey = open.at(-1) !== null;
  }
}

function addKey(keys: Set<string>, literal: string): void {
  let key: string;
  try {
    key = JSON.parse(literal);
  } catch {
    return;
  }
  if (keys.has(key)) throw new FormatError(`.safetensors: the header has ${quote(key)} twice`);
  keys.add(key);
}

/** The place after the string that begins at `start`. */
function endOfString(json: string, start: number): number {
  let i = start + 1;
  while (i < json.length && json[i] !== '"') i += json[i] === "\\" ? 2 : 1;
  return i + 1;
}
