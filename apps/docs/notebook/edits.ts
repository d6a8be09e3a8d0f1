/** What a reader made of a page's cells: kept in the browser for the next visit, and as a link for others. */

/** A cell's number and its text. */
export type Edit = readonly [cell: number, source: string];

interface EditableCell {
  readonly original: string;
  readonly source: string;
}

/** The text that the page had when a cell was edited: an edit of another text would mislead. */
type Kept = Record<string, readonly [original: string, source: string]>;

const keyOf = (page: string): string => `flambeau:${page}`;
const LINK = "#code=";

/** The cells that were edited. */
export function editsOf(cells: readonly EditableCell[]): Edit[] {
  return cells.flatMap(({ original, source }, i) => (source === original ? [] : [[i, source] as const]));
}

/** The text that was kept for a cell of this original. */
export function keptEdit(page: string, index: number, original: string): string | undefined {
  const [of, source] = readKept(page)[index] ?? [];
  return of === original ? source : undefined;
}

export function keepEdits(page: string, cells: readonly EditableCell[]): void {
  const kept: Kept = {};
  for (const [index, source] of editsOf(cells)) kept[index] = [cells[index].original, source];
  try {
    if (Object.keys(kept).length === 0) localStorage.removeItem(keyOf(page));
    else localStorage.setItem(keyOf(page), JSON.stringify(kept));
  } catch {
    // The browser keeps nothing, or nothing more: the edits last as long as the page.
  }
}

function readKept(page: string): Kept {
  try {
    return (JSON.parse(localStorage.getItem(keyOf(page)) ?? "{}") as Kept | null) ?? {};
  } catch {
    return {};
  }
}

/** The part of an address that carries edits: their JSON, deflated, in base64url. */
export async function linkOf(edits: readonly Edit[]): Promise<string> {
  if (edits.length === 0) return "";
  const bytes = await through(
    new CompressionStream("deflate-raw"),
    new TextEncoder().encode(JSON.stringify(edits)),
  );
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return LINK + btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Whether an address has edits with it. */
export function isLink(hash: string): boolean {
  return hash.startsWith(LINK);
}

/** @throws Error when the link is damaged. */
export async function readLink(hash: string): Promise<Edit[]> {
  try {
    const text = atob(hash.slice(LINK.length).replaceAll("-", "+").replaceAll("_", "/"));
    const packed = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    const bytes = await through(new DecompressionStream("deflate-raw"), packed);
    const edits: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (Array.isArray(edits) && edits.every(isEdit)) return edits;
  } catch {
    // Told below.
  }
  throw new Error("The code in this link is damaged: the page is as it was made.");
}

function isEdit(value: unknown): value is Edit {
  return Array.isArray(value) && Number.isInteger(value[0]) && typeof value[1] === "string";
}

async function through(stream: GenericTransformStream, bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}
