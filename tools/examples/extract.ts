/** Finds examples, and in each what it says it prints. */
import ts from "typescript";

/** A ```ts block: its text, and the line of its file that comes before the first of its own. */
export interface Block {
  readonly line: number;
  readonly code: string;
}

/** A block with where it comes from, and the file it is written to to be checked and run. */
export interface Example extends Block {
  readonly path: string;
  readonly file: string;
}

/** Every ```ts block of a Markdown text. */
export function examplesOfMarkdown(text: string): Block[] {
  return blocks(text.split("\n"), 0);
}

/** Every ```ts block under an `@example` of a doc comment. */
export function examplesOfSource(text: string): Block[] {
  const found: Block[] = [];
  for (const comment of text.matchAll(/\/\*\*[\s\S]*?\*\//g)) {
    const start = comment[0].indexOf("@example");
    if (start < 0) continue;
    const before = text.slice(0, comment.index + start).split("\n").length - 1;
    const lines = comment[0].slice(start).split("\n");
    found.push(
      ...blocks(
        lines.map((line) => line.replace(/^\s*\* ?/, "")),
        before,
      ),
    );
  }
  return found;
}

function blocks(lines: readonly string[], before: number): Block[] {
  const found: Block[] = [];
  let start = -1;
  lines.forEach((line, i) => {
    if (start < 0 && /^\s*```ts\s*$/.test(line)) start = i + 1;
    else if (start >= 0 && /^\s*```\s*$/.test(line)) {
      found.push({ line: before + start, code: `${lines.slice(start, i).join("\n")}\n` });
      start = -1;
    }
  });
  return found;
}

/**
 * The lines that an example says it prints: the `//` comments that follow a `console.log(...)`, on its line or on the
 * next ones. `// ...` stands for any number of lines.
 */
export function expectedOutput(code: string): string[] {
  const source = ts.createSourceFile("example.ts", code, ts.ScriptTarget.Latest);
  const expected: string[] = [];
  const visit = (node: ts.Node): void => {
    if (
      ts.isExpressionStatement(node) &&
      ts.isCallExpression(node.expression) &&
      node.expression.expression.getText(source) === "console.log"
    ) {
      const [rest, ...following] = code.slice(node.end).split("\n");
      const shown = rest.trim() === "" ? [] : [rest];
      for (const line of following) {
        if (!/^\s*\/\//.test(line)) break;
        shown.push(line);
      }
      expected.push(...shown.map((line) => line.replace(/^\s*\/\/ ?/, "")));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return expected;
}

/** Whether printed lines are the expected ones, among which "..." stands for any number of lines. */
export function matches(printed: readonly string[], expected: readonly string[]): boolean {
  if (expected.length === 0) return printed.length === 0;
  const [first, ...rest] = expected;
  if (first !== "...") return printed.length > 0 && printed[0] === first && matches(printed.slice(1), rest);
  return Array.from({ length: printed.length + 1 }, (_, skipped) => skipped).some((skipped) =>
    matches(printed.slice(skipped), rest),
  );
}
