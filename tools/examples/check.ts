/** Type-checks all examples as one program, with the options of the repository's tests. */
import { dirname, join, relative } from "node:path";
import ts from "typescript";
import { root } from "../runtimes.ts";
import type { Example } from "./extract.ts";

/** What is wrong, each with the line of the source or document that it stands in. */
export function check(examples: readonly Example[]): string[] {
  const path = join(root, "tsconfig.json");
  const { config, error } = ts.readConfigFile(path, ts.sys.readFile);
  if (error) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, "\n"));
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(path));
  const byFile = new Map(examples.map((example) => [example.file, example]));
  const declarations = fileNames.filter((name) => name.endsWith(".d.ts"));
  const program = ts.createProgram([...byFile.keys(), ...declarations], options);
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
    if (diagnostic.file === undefined) return text;
    const { line } = ts.getLineAndCharacterOfPosition(diagnostic.file, diagnostic.start ?? 0);
    const example = byFile.get(diagnostic.file.fileName);
    if (example !== undefined) return `${example.path}:${example.line + line + 1}: ${text}`;
    return `${relative(root, diagnostic.file.fileName)}:${line + 1}: ${text}`;
  });
}
