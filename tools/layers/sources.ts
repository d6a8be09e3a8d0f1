/** Reads the sources of all packages with TypeScript's compiler and says where one breaks the rules of the table. */
import { dirname, join, relative, sep } from "node:path";
import ts from "typescript";
import { root } from "../runtimes.ts";
import { forbiddenEverywhere, layers, packageName, runtimeGlobals } from "./table.ts";

export interface SourceReport {
  problems: string[];
  /** For each package, the bare names that its sources import. */
  imported: Map<string, Set<string>>;
}

const packagesFolder = join(root, "packages");

export function checkSources(): SourceReport {
  const program = packagesProgram();
  const checker = program.getTypeChecker();
  const report: SourceReport = {
    problems: [],
    imported: new Map(Object.keys(layers).map((name) => [name, new Set<string>()])),
  };
  for (const file of program.getSourceFiles()) {
    const [name, src] = relative(packagesFolder, file.fileName).split(sep);
    if (src !== "src" || file.isDeclarationFile) continue;
    const layer = layers[name];
    if (layer === undefined) {
      report.problems.push(`packages/${name} is not in tools/layers/table.ts`);
      continue;
    }
    const complain = (node: ts.Node, text: string): void => {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
      report.problems.push(`${relative(root, file.fileName)}:${line + 1}: ${text}`);
    };
    const visit = (node: ts.Node): void => {
      if (ts.isStringLiteralLike(node) && isSpecifier(node)) {
        const fault = importFault(node.text, name, file.fileName);
        if (fault !== undefined) complain(node, fault);
        if (!node.text.startsWith(".") && !node.text.startsWith("node:")) {
          report.imported.get(name)?.add(packageOf(node.text));
        }
      }
      const global = globalName(node, checker);
      if (global !== undefined && forbiddenEverywhere.includes(global)) {
        complain(node, `${global} makes code from text, which a content security policy forbids`);
      } else if (global !== undefined && runtimeGlobals.includes(global) && !layer.namesRuntimes) {
        complain(node, `names the runtime's global ${global}; only packages that may name runtimes do`);
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return report;
}

function packagesProgram(): ts.Program {
  const parsed = ts.getParsedCommandLineOfConfigFile(join(packagesFolder, "tsconfig.json"), undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
      throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"));
    },
  });
  if (parsed === undefined) throw new Error("packages/tsconfig.json cannot be read");
  return ts.createProgram(parsed.fileNames, parsed.options);
}

/** Whether a string names a module: in import and export statements, `import()` and `import("...")` types. */
function isSpecifier(node: ts.StringLiteralLike): boolean {
  const { parent } = node;
  if (ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent) || ts.isModuleDeclaration(parent)) {
    return true;
  }
  if (ts.isCallExpression(parent)) return parent.expression.kind === ts.SyntaxKind.ImportKeyword;
  return ts.isLiteralTypeNode(parent) && ts.isImportTypeNode(parent.parent);
}

/** "@flambeau/tensor/x" and "d3-contour/y" without what follows the package's name. */
function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

function importFault(specifier: string, name: string, fileName: string): string | undefined {
  const layer = layers[name];
  if (specifier.startsWith(".")) {
    const target = relative(join(packagesFolder, name, "src"), join(dirname(fileName), specifier));
    if (target.startsWith("..")) return `"${specifier}" leaves the package: import it by its name`;
    return specifier.endsWith(".ts") ? undefined : `"${specifier}" must name the file, with its .ts`;
  }
  if (specifier.startsWith("node:")) {
    return layer.namesRuntimes
      ? undefined
      : `"${specifier}" exists in one runtime; only packages that may name runtimes do`;
  }
  const allowed = [...layer.mayImport.map(packageName), ...(layer.mayImportOthers ?? [])];
  if (allowed.includes(specifier)) return undefined;
  return `${packageName(name)} may not import "${specifier}"; it may import ${allowed.join(", ") || "nothing"}`;
}

/** The name of the global that this node refers to, if it does: a free identifier, or a property of `globalThis`. */
function globalName(node: ts.Node, checker: ts.TypeChecker): string | undefined {
  if (ts.isPropertyAccessExpression(node) && isGlobalThis(node.expression)) return node.name.text;
  if (ts.isElementAccessExpression(node) && isGlobalThis(node.expression)) {
    return ts.isStringLiteralLike(node.argumentExpression) ? node.argumentExpression.text : undefined;
  }
  if (!ts.isIdentifier(node) || !isReference(node)) return undefined;
  const symbol = ts.isShorthandPropertyAssignment(node.parent)
    ? checker.getShorthandAssignmentValueSymbol(node.parent)
    : checker.getSymbolAtLocation(node);
  // A source cannot make a runtime's global its own by declaring it.
  const isOurs = symbol?.declarations?.some(
    (declaration) =>
      !declaration.getSourceFile().isDeclarationFile &&
      !(ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Ambient),
  );
  return isOurs ? undefined : node.text;
}

/** `globalThis`, also in parentheses or behind a cast. */
function isGlobalThis(expression: ts.Expression): boolean {
  let inner = expression;
  while (
    ts.isParenthesizedExpression(inner) ||
    ts.isAsExpression(inner) ||
    ts.isSatisfiesExpression(inner) ||
    ts.isNonNullExpression(inner)
  ) {
    inner = inner.expression;
  }
  return ts.isIdentifier(inner) && inner.text === "globalThis";
}

/** Whether an identifier refers to a variable or type, rather than naming a member, a label or what it declares. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent))
    return parent.expression === node && !isPrototypeOfFunction(node);
  if (ts.isQualifiedName(parent)) return parent.left === node;
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent) || ts.isMetaProperty(parent)) return false;
  if (ts.isTypeReferenceNode(parent)) return node.text !== "Function";
  if (ts.isBindingElement(parent)) return parent.initializer === node;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  const isNameOfParent = "name" in parent && parent.name === node;
  return !isNameOfParent && !ts.isLabeledStatement(parent) && !ts.isBreakOrContinueStatement(parent);
}

/** `Function.prototype` makes nothing from text. */
function isPrototypeOfFunction(node: ts.Identifier): boolean {
  return node.text === "Function" && (node.parent as ts.PropertyAccessExpression).name.text === "prototype";
}
