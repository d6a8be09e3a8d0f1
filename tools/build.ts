/**
 * Builds the package in the current folder: `src/` to `dist/`, JavaScript with declarations and maps.
 *
 * This is what `tsc -p tsconfig.build.json` does, and three things more: files of an earlier build go first; a worker that a
 * source names by `new URL("./worker.ts", import.meta.url)` becomes "./worker.js"; and the declarations name "./shape.js"
 * where TypeScript's own `rewriteRelativeImportExtensions` leaves "./shape.ts" standing (it rewrites JavaScript only),
 * which a user's bundler of declarations would not find.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const host: ts.FormatDiagnosticsHost = {
  getCurrentDirectory: ts.sys.getCurrentDirectory,
  getCanonicalFileName: (name) => name,
  getNewLine: () => "\n",
};

process.exitCode = build(process.cwd()) ? 0 : 1;

function build(folder: string): boolean {
  const parsed = ts.getParsedCommandLineOfConfigFile(join(folder, "tsconfig.build.json"), undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (diagnostic) => report([diagnostic]),
  });
  if (parsed === undefined || report(parsed.errors)) return false;
  const program = ts.createProgram(parsed.fileNames, parsed.options);
  if (report(ts.getPreEmitDiagnostics(program))) return false;
  rmSync(join(folder, "dist"), { recursive: true, force: true });
  const { diagnostics } = program.emit(undefined, undefined, undefined, false, {
    before: [nameBuiltWorkers],
    afterDeclarations: [nameBuiltFiles],
  });
  return !report(diagnostics);
}

function report(diagnostics: readonly ts.Diagnostic[]): boolean {
  if (diagnostics.length > 0) console.error(ts.formatDiagnosticsWithColorAndContext(diagnostics, host));
  return diagnostics.some(({ category }) => category === ts.DiagnosticCategory.Error);
}

/** Renames the file in `new URL("./name.ts", import.meta.url)`, in which TypeScript sees no import. */
function nameBuiltWorkers(context: ts.TransformationContext): ts.Transformer<ts.SourceFile> {
  const walk = (node: ts.Node): ts.Node => {
    if (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "URL") {
      const [file, ...base] = node.arguments ?? [];
      if (file !== undefined && ts.isStringLiteral(file) && /^\.\.?\/.*\.ts$/.test(file.text)) {
        const built = context.factory.createStringLiteral(file.text.replace(/\.ts$/, ".js"));
        return context.factory.updateNewExpression(node, node.expression, undefined, [built, ...base]);
      }
    }
    return ts.visitEachChild(node, walk, context);
  };
  return (root) => walk(root) as ts.SourceFile;
}

/** In a declaration file, renames relative imports from `.ts` to `.js`, in statements and in `import("...")` types alike. */
function nameBuiltFiles(context: ts.TransformationContext): ts.Transformer<ts.SourceFile | ts.Bundle> {
  return (root) => {
    // Nodes that the declaration emitter made have no parent of their own: keep the path that was walked instead.
    const walk = (node: ts.Node, path: ts.Node[]): ts.Node => {
      if (ts.isStringLiteral(node) && /^\.\.?\/.*\.ts$/.test(node.text) && names(path)) {
        return context.factory.createStringLiteral(node.text.replace(/\.ts$/, ".js"));
      }
      return ts.visitEachChild(node, (child) => walk(child, [...path, node]), context);
    };
    return walk(root, []) as ts.SourceFile;
  };
}

/** Whether a string in this place names a module. */
function names(path: ts.Node[]): boolean {
  const [grandparent, parent] = path.slice(-2);
  if (ts.isLiteralTypeNode(parent)) return ts.isImportTypeNode(grandparent);
  return ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent) || ts.isModuleDeclaration(parent);
}
