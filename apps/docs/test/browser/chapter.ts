/** What the chapter's pages print, beside what `npm start` prints. */
import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cellsOf } from "../../../../tools/examples/pages.ts";
import { quietEnvironment, root, runCommand } from "../../../../tools/runtimes.ts";

export interface ChapterPage {
  /** Relative to the site: `chapter/2-tensors.html`. */
  readonly path: string;
  /** The cells that print what the program prints. */
  readonly cells: readonly number[];
  readonly count: number;
}

/** The chapter's pages in order. */
export function chapterPages(): ChapterPage[] {
  return globSync("docs/chapter/*.md", { cwd: root })
    .sort()
    .map((path) => {
      const cells = cellsOf(readFileSync(join(root, path), "utf8"));
      return {
        path: path.replace(/^docs./, "").replace(/\.md$/, ".html"),
        cells: cells.flatMap(({ isExtra }, i) => (isExtra ? [] : [i])),
        count: cells.length,
      };
    })
    .filter(({ count }) => count > 0);
}

/** What `npm start` prints, without its headings, echoes of expressions and names of figures. */
export function programLines(): string[] {
  const [command, ...leading] = runCommand("node", join(root, "apps", "chapter", "src", "main.ts"));
  const { status, stdout, stderr, error } = spawnSync(
    command,
    [...leading, "--figures", join(root, ".cache", "docs", "chapter-figures")],
    { cwd: root, encoding: "utf8", env: { ...process.env, ...quietEnvironment } },
  );
  if (error) throw error;
  if (status !== 0) throw new Error(stderr);
  return stdout
    .replace(/^> GPU ready\n.*\n/m, "")
    .split("\n")
    .filter((line) => !/^(## |> |\[figure |\d+ figures are in )/.test(line) && line !== "five epochs more:");
}

/** The same text whichever way objects and arrays are spelled: no white space, one kind of quotes, no trailing comma. */
export function normalize(lines: readonly string[]): string[] {
  // Values run over lines, so all of it is one text, broken after what ends a line of the program for sure.
  return lines
    .join("\n")
    .replaceAll("'", '"')
    .replaceAll(/,(\s*[}\]])/g, "$1")
    .split("\n")
    .map((line) => line.replaceAll(/\s+/g, ""))
    .filter((line) => line !== "")
    .join("\n")
    .replaceAll(/\{\n/g, "{")
    .replaceAll(/\n\}/g, "}")
    .replaceAll(/([{,])\n/g, "$1")
    .split("\n");
}

/** The first difference between two texts; undefined where there is none. Numbers may differ by `tolerance`, relative and absolute. */
export function difference(
  actual: readonly string[],
  expected: readonly string[],
  tolerance = 0,
): string | undefined {
  const length = Math.max(actual.length, expected.length);
  for (let i = 0; i < length; i++) {
    if (!isSame(actual[i] ?? "", expected[i] ?? "", tolerance)) {
      return `line ${i + 1} is\n  ${actual[i]}\nand not\n  ${expected[i]}`;
    }
  }
  return undefined;
}

const NUMBER = /-?\d+(?:\.\d*)?(?:e[+-]?\d+)?/g;

function isSame(actual: string, expected: string, tolerance: number): boolean {
  if (tolerance === 0) return actual === expected;
  // On another device its name differs, and a tensor's text tells it.
  const words = (line: string): string =>
    line
      .replaceAll(/webgpu/g, "cpu")
      .replaceAll(/,device="cpu"/g, "")
      .replaceAll(NUMBER, "#");
  if (words(actual) !== words(expected)) return false;
  const numbers = (line: string): number[] => (line.match(NUMBER) ?? []).map(Number);
  const others = numbers(expected);
  return numbers(actual).every(
    (value, i) => Math.abs(value - others[i]) <= tolerance * (1 + Math.abs(others[i])),
  );
}
