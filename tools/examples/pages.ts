/**
 * Pages with cells: blocks marked ```ts run, which share their names as in a notebook and make one program together.
 * A ```text block right after a cell is what it prints.
 */

/** A cell of a page. */
export interface PageCell {
  /** The line of its opening fence, from 1. */
  readonly line: number;
  readonly code: string;
  /** Whether it prints what the chapter's program does not (```ts run extra). */
  readonly isExtra: boolean;
  /** The lines that the page says it prints. */
  readonly expected?: readonly string[];
}

/** Whether a fence's info string marks a cell. */
export function isCell(info: string): boolean {
  return /^ts run\b/.test(info.trim());
}

/** The cells of a Markdown text. */
export function cellsOf(text: string): PageCell[] {
  const cells: PageCell[] = [];
  let previous: PageCell | undefined;
  for (const { info, line, lines, follows } of fences(text)) {
    if (isCell(info)) {
      previous = { line, code: `${lines.join("\n")}\n`, isExtra: /\bextra\b/.test(info) };
      cells.push(previous);
    } else {
      if (info === "text" && follows && previous !== undefined)
        cells[cells.length - 1] = { ...previous, expected: lines };
      previous = undefined;
    }
  }
  return cells;
}

/**
 * The cells as one module, each on the lines that it has in the page, so that an error's line is the page's. `$cell`
 * tells where one begins.
 */
export function pageProgram(text: string): string {
  const globals =
    "declare const device: string; " +
    "declare function show(figure: { readonly svg: string }, description?: string): void; " +
    "declare function $cell(index: number): void; export {};";
  const lines = [globals];
  cellsOf(text).forEach(({ line, code }, i) => {
    while (lines.length < line - 1) lines.push("");
    lines.push(`$cell(${i});`, ...code.trimEnd().split("\n"));
  });
  return `${lines.join("\n")}\n`;
}

/** A fenced block. */
export interface Fence {
  readonly info: string;
  readonly line: number;
  readonly lines: string[];
  /** Whether nothing but blank lines is between it and the fence before. */
  readonly follows: boolean;
}

/** Every fenced block of a Markdown text. */
export function fences(text: string): Fence[] {
  const found: Fence[] = [];
  let open: { mark: string; fence: Fence } | undefined;
  let follows = false;
  text.split("\n").forEach((content, i) => {
    const [, mark, info] = /^\s*(`{3,}|~{3,})\s*(.*?)\s*$/.exec(content) ?? [];
    if (open !== undefined) {
      if (mark !== undefined && info === "" && mark.startsWith(open.mark)) {
        found.push(open.fence);
        open = undefined;
        follows = true;
      } else open.fence.lines.push(content);
    } else if (mark !== undefined) {
      open = { mark, fence: { info, line: i + 1, lines: [], follows } };
    } else if (content.trim() !== "") follows = false;
  });
  return found;
}
