/** What a build changes in sources and declarations while TypeScript writes them out. */
import { basename, join } from "node:path";
import ts from "typescript";

/**
 * Renames the file in `new URL("./threads/worker.ts", import.meta.url)`, in which TypeScript sees no import, to "./worker.js":
 * a worker is built into a file beside `index.js`. `found` is told the worker's source.
 */
export function nameBuiltWorkers(found: (source: string) => void): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (root) => {
    const walk = (node: ts.Node): ts.Node => {
      if (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "URL") {
        const [file, ...base] = node.arguments ?? [];
        if (file !== undefined && ts.isStringLiteral(file) && /^\.\.?\/.*\.ts$/.test(file.text)) {
          found(join(root.fileName, "..", file.text));
          const built = context.factory.createStringLiteral(`./${basename(file.text, ".ts")}.js`);
          return context.factory.updateNewExpression(node, node.expression, undefined, [built, ...base]);
        }
      }
      return ts.visitEachChild(node, walk, context);
    };
    return walk(root) as ts.SourceFile;
  };
}

/**
 * Tells bundlers that a constant which nobody uses may go, with all the calls that make it: it marks every call in the
 * initializer of a module's constants and of its classes' static fields as pure. A constant whose making
 * has an effect of its own is against the rules of the house; what has one is written as a statement.
 */
export function markPure(context: ts.TransformationContext): ts.Transformer<ts.SourceFile> {
  const mark = (node: ts.Node): ts.Node => {
    // What a function does when it is called is its own affair.
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return node;
    const inside = ts.visitEachChild(node, mark, context);
    return ts.isCallExpression(node) || ts.isNewExpression(node)
      ? ts.addSyntheticLeadingComment(inside, ts.SyntaxKind.MultiLineCommentTrivia, "@__PURE__", false)
      : inside;
  };
  const field = (node: ts.Node): ts.Node => {
    const isStatic =
      ts.isPropertyDeclaration(node) &&
      node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword);
    return isStatic ? ts.visitEachChild(node, mark, context) : node;
  };
  const statement = (node: ts.Node): ts.Node => {
    if (ts.isVariableStatement(node)) return ts.visitEachChild(node, mark, context);
    return ts.isClassDeclaration(node) ? ts.visitEachChild(node, field, context) : node;
  };
  return (root) => ts.visitEachChild(root, statement, context);
}

/**
 * Puts numbers in the place of their names: `i32.add`, where `i32` is an object literal `as const`. A table of which no more
 * is read than such names is dropped when the modules are joined.
 */
export function placeNumbers(checker: ts.TypeChecker): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (root) => {
    const walk = (node: ts.Node): ts.Node => {
      const number = ts.isPropertyAccessExpression(node) ? constantOf(checker, node) : undefined;
      if (number !== undefined) return context.factory.createNumericLiteral(number.text);
      return ts.visitEachChild(node, walk, context);
    };
    return walk(root) as ts.SourceFile;
  };
}

/** The number that a property of an object `as const` is declared to be. */
function constantOf(
  checker: ts.TypeChecker,
  access: ts.PropertyAccessExpression,
): ts.NumericLiteral | undefined {
  const property = checker.getSymbolAtLocation(access.name)?.valueDeclaration;
  if (property === undefined || !ts.isPropertyAssignment(property)) return undefined;
  const table = property.parent.parent;
  const isConstant = ts.isAsExpression(table) && ts.isConstTypeReference(table.type);
  return isConstant && ts.isNumericLiteral(property.initializer) ? property.initializer : undefined;
}

/**
 * Leaves out the declarations of public fields without a value that the constructor assigns: an object has such a field
 * either way.
 */
export function dropEmptyFields(context: ts.TransformationContext): ts.Transformer<ts.SourceFile> {
  const walk = (node: ts.Node): ts.Node => {
    if (ts.isClassDeclaration(node)) {
      const assigned = assignedFields(node);
      const isNeeded = (member: ts.ClassElement): boolean =>
        !ts.isPropertyDeclaration(member) ||
        member.initializer !== undefined ||
        !ts.isIdentifier(member.name) ||
        !assigned.has(member.name.text);
      const members = node.members.filter(isNeeded);
      const { modifiers, name, typeParameters, heritageClauses } = node;
      node = context.factory.updateClassDeclaration(
        node,
        modifiers,
        name,
        typeParameters,
        heritageClauses,
        members,
      );
    }
    return ts.visitEachChild(node, walk, context);
  };
  return (root) => ts.visitEachChild(root, walk, context);
}

/** The fields that statements of a class's constructor assign. */
function assignedFields({ members }: ts.ClassDeclaration): Set<string> {
  const statements = members.find(ts.isConstructorDeclaration)?.body?.statements ?? [];
  const names = statements.map((statement) => {
    if (!ts.isExpressionStatement(statement) || !ts.isBinaryExpression(statement.expression)) return "";
    const { left, operatorToken } = statement.expression;
    const isAssignment =
      operatorToken.kind === ts.SyntaxKind.EqualsToken && ts.isPropertyAccessExpression(left);
    return isAssignment && left.expression.kind === ts.SyntaxKind.ThisKeyword ? left.name.text : "";
  });
  return new Set(names);
}

/**
 * In a declaration file, renames relative imports from `.ts` to `.js`, in statements and in `import("...")` types alike.
 * TypeScript's own `rewriteRelativeImportExtensions` leaves "./shape.ts" standing there (it rewrites JavaScript only), which
 * a user's bundler of declarations would not find.
 */
export function nameBuiltFiles(context: ts.TransformationContext): ts.Transformer<ts.SourceFile | ts.Bundle> {
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
