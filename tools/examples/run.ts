/**
 * Runs the examples of a list and prints, as JSON, what was wrong with them. One process runs all: that is fast, and an
 * example that changes a global setting has to change it back, as it should in front of a reader.
 */
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { format } from "node:util";
import { type Example, expectedOutput, matches } from "./extract.ts";

const examples = JSON.parse(readFileSync(process.argv[2], "utf8")) as Example[];
const problems: string[] = [];
const { log } = console;
for (const { file, path, line, code } of examples) {
  const printed: string[] = [];
  console.log = (...values: unknown[]): void => {
    printed.push(...format(...values).split("\n"));
  };
  try {
    await import(pathToFileURL(file).href);
    const expected = expectedOutput(code);
    // An example that shows no output at all has its output told elsewhere, or leaves it to the reader.
    if (expected.length > 0 && !matches(printed, expected)) {
      problems.push(
        `${path}:${line + 1}: prints\n${printed.join("\n")}\nand says that it prints\n${expected.join("\n")}`,
      );
    }
  } catch (error) {
    problems.push(`${path}:${line + 1}: ${(error as Error).stack}`);
  }
}
console.log = log;
console.log(JSON.stringify(problems));
