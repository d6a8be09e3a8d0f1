/** What a build changes in sources and declarations while TypeScript writes them out. */
import { basename, join } from "node:path";
import ts from "typescript";

/**
 * Renames the file in `new URL("./flambeau-cpu-worker.ts", import.meta.url)`, in which TypeScript sees no import, to one of ".js":
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
 * Gives every class that users can import its name as a static field: `static name = "Linear"`. A minifier renames classes, and
 * what a model, an optimizer or an error prints would be "Yr" then. Subclasses have names of their own.
 */
export function nameClasses(program: ts.Program): ts.TransformerFactory<ts.SourceFile> {
  const classes = exportedClasses(program);
  return (context) => (root) => {
    const { factory } = context;
    const named = (node: ts.Node): ts.Node => {
      if (!ts.isClassDeclaration(node) || node.name === undefined) return node;
      // Another transformer may have updated the class.
      if (!classes.has(ts.getOriginalNode(node))) return node;
      const { modifiers, name, typeParameters, heritageClauses, members } = node;
      const field = factory.createPropertyDeclaration(
        [factory.createModifier(ts.SyntaxKind.StaticKeyword)],
        "name",
        undefined,
        undefined,
        factory.createStringLiteral(name.text),
      );
      const all = [field, ...members];
      return factory.updateClassDeclaration(node, modifiers, name, typeParameters, heritageClauses, all);
    };
    return ts.visitEachChild(root, named, context);
  };
}

/** The classes that a package's modules export to users, its namespaces' included. */
function exportedClasses(program: ts.Program): ReadonlySet<ts.Node> {
  const checker = program.getTypeChecker();
  const classes = new Set<ts.Node>();
  const seen = new Set<ts.Symbol>();
  const collect = (module: ts.Symbol): void => {
    if (seen.has(module)) return;
    seen.add(module);
    for (const exported of checker.getExportsOfModule(module)) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      if (symbol.flags & ts.SymbolFlags.ValueModule) collect(symbol);
      if (symbol.flags & ts.SymbolFlags.Class && symbol.valueDeclaration)
        classes.add(symbol.valueDeclaration);
    }
  };
  for (const name of program.getRootFileNames().filter((file) => /[\\/]src[\\/]index\.ts$/.test(file))) {
    const source = program.getSourceFile(name);
    const module = source && checker.getSymbolAtLocation(source);
    if (module !== undefined) collect(module);
  }
  return classes;
}

/**
 * Puts numbers in the place of their names: of constants like `const BLOCK = 4 * LANES`, and of `i32.add`, where `i32` is an
 * object literal `as const`. What is read no more then is dropped when the modules are joined.
 */
export function placeNumbers(checker: ts.TypeChecker): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (root) => {
    const { factory } = context;
    const literal = (value: number): ts.Expression => {
      const magnitude = factory.createNumericLiteral(Math.abs(value));
      return value < 0 ? factory.createPrefixUnaryExpression(ts.SyntaxKind.MinusToken, magnitude) : magnitude;
    };
    const walk = (node: ts.Node): ts.Node => {
      if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node;
      const declaration = constantAt(checker, node);
      const value = declaration === undefined ? undefined : numberOf(checker, declaration);
      if (value === undefined) return ts.visitEachChild(node, walk, context);
      return ts.isShorthandPropertyAssignment(node)
        ? factory.createPropertyAssignment(node.name, literal(value))
        : literal(value);
    };
    return walk(root) as ts.SourceFile;
  };
}

/**
 * Puts strings in the place of their names where they are read once: a signature has a name for TypeScript alone, which a page
 * would download twice for each callable. What is read no more then is dropped when the modules are joined.
 */
export function placeStrings(checker: ts.TypeChecker): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (root) => {
    const texts = new Map<ts.Symbol, string>();
    for (const { name, initializer } of constantsOf(root)) {
      const symbol = checker.getSymbolAtLocation(name);
      if (symbol !== undefined && initializer !== undefined && ts.isStringLiteral(initializer))
        texts.set(symbol, initializer.text);
    }
    const reads = new Map<ts.Symbol, number>();
    const count = (node: ts.Node): void => {
      if (ts.isTypeNode(node)) return;
      const symbol = readBy(checker, node);
      if (symbol !== undefined) reads.set(symbol, (reads.get(symbol) ?? 0) + 1);
      ts.forEachChild(node, count);
    };
    count(root);
    const walk = (node: ts.Node): ts.Node => {
      if (ts.isTypeNode(node)) return node;
      const symbol = ts.isIdentifier(node) ? readBy(checker, node) : undefined;
      const text = symbol !== undefined && reads.get(symbol) === 1 ? texts.get(symbol) : undefined;
      return text === undefined
        ? ts.visitEachChild(node, walk, context)
        : context.factory.createStringLiteral(text);
    };
    return walk(root) as ts.SourceFile;
  };
}

/** The constants of a module that it does not export where they are declared. */
function constantsOf(root: ts.SourceFile): ts.VariableDeclaration[] {
  return root.statements.flatMap((statement) =>
    ts.isVariableStatement(statement) &&
    statement.modifiers === undefined &&
    (statement.declarationList.flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.Const
      ? [...statement.declarationList.declarations]
      : [],
  );
}

/** What a name stands for where its value is read, or exported by a list. */
function readBy(checker: ts.TypeChecker, node: ts.Node): ts.Symbol | undefined {
  if (ts.isShorthandPropertyAssignment(node)) return checker.getShorthandAssignmentValueSymbol(node);
  if (ts.isExportSpecifier(node)) return checker.getExportSpecifierLocalTargetSymbol(node);
  if (!ts.isIdentifier(node) || ts.isShorthandPropertyAssignment(node.parent)) return undefined;
  const isDeclared = ts.isVariableDeclaration(node.parent) && node.parent.name === node;
  return isDeclared ? undefined : checker.getSymbolAtLocation(node);
}

/** The initializer of the constant, or of the property of an object `as const`, that an expression reads. */
function constantAt(checker: ts.TypeChecker, node: ts.Node): ts.Expression | undefined {
  let symbol: ts.Symbol | undefined;
  if (ts.isShorthandPropertyAssignment(node)) symbol = checker.getShorthandAssignmentValueSymbol(node);
  else if (ts.isIdentifier(node)) symbol = checker.getSymbolAtLocation(node);
  else if (ts.isPropertyAccessExpression(node)) symbol = checker.getSymbolAtLocation(node.name);
  if (symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
  const declaration = symbol?.valueDeclaration;
  // Another package's numbers may change without this one being built anew.
  if (declaration === undefined || declaration.getSourceFile().isDeclarationFile) return undefined;
  if (ts.isVariableDeclaration(declaration)) {
    const isConstant = (declaration.parent.flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.Const;
    return isConstant && declaration.name !== node ? declaration.initializer : undefined;
  }
  if (!ts.isPropertyAccessExpression(node) || !ts.isPropertyAssignment(declaration)) return undefined;
  const table = declaration.parent.parent;
  const isConstant = ts.isAsExpression(table) && ts.isConstTypeReference(table.type);
  return isConstant ? declaration.initializer : undefined;
}

/** What an expression of numbers comes to: a literal, or an integer that is computed of literals. */
function numberOf(checker: ts.TypeChecker, expression: ts.Expression): number | undefined {
  if (ts.isNumericLiteral(expression)) return Number(expression.text);
  const value = computed(checker, expression);
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? value : undefined;
}

function computed(checker: ts.TypeChecker, expression: ts.Expression): number | undefined {
  if (ts.isNumericLiteral(expression)) return Number(expression.text);
  if (ts.isParenthesizedExpression(expression)) return computed(checker, expression.expression);
  if (ts.isPrefixUnaryExpression(expression) && expression.operator === ts.SyntaxKind.MinusToken) {
    const value = computed(checker, expression.operand);
    return value === undefined ? undefined : -value;
  }
  if (ts.isBinaryExpression(expression)) {
    const a = computed(checker, expression.left);
    const b = computed(checker, expression.right);
    return a === undefined || b === undefined ? undefined : operators[expression.operatorToken.kind]?.(a, b);
  }
  const declaration = constantAt(checker, expression);
  return declaration && computed(checker, declaration);
}

const operators: { readonly [operator in ts.SyntaxKind]?: (a: number, b: number) => number } = {
  [ts.SyntaxKind.PlusToken]: (a, b) => a + b,
  [ts.SyntaxKind.MinusToken]: (a, b) => a - b,
  [ts.SyntaxKind.AsteriskToken]: (a, b) => a * b,
  [ts.SyntaxKind.SlashToken]: (a, b) => a / b,
  [ts.SyntaxKind.AsteriskAsteriskToken]: (a, b) => a ** b,
};

/**
 * Makes the constants in functions variables: a minifier joins neighbours of one kind into one declaration, and one word packs
 * better than two. A module's own constants stay: theirs would gain nothing.
 */
export function declareByLet(context: ts.TransformationContext): ts.Transformer<ts.SourceFile> {
  const inside = (node: ts.Node): ts.Node => {
    const changed = ts.visitEachChild(node, inside, context);
    const isConst =
      ts.isVariableDeclarationList(changed) && (node.flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.Const;
    if (!isConst) return changed;
    const list = context.factory.createVariableDeclarationList(changed.declarations, ts.NodeFlags.Let);
    return ts.setTextRange(list, node);
  };
  const outside = (node: ts.Node): ts.Node =>
    ts.isFunctionLike(node) ? inside(node) : ts.visitEachChild(node, outside, context);
  return (root) => ts.visitEachChild(root, outside, context);
}

/** Classes behind whose prototypes a proxy has the hints for wrong names (`refuseSnakeCase`). */
const proxied: readonly string[] = ["Tensor", "Module", "Optimizer"];

/**
 * Leaves out the declarations of public fields without a value that the constructor assigns: an object has such a field
 * either way. Before a proxy they stay: without one the first assignment searches the prototypes, and the proxy.
 */
export function dropEmptyFields(context: ts.TransformationContext): ts.Transformer<ts.SourceFile> {
  const walk = (node: ts.Node): ts.Node => {
    if (ts.isClassDeclaration(node) && !proxied.includes(node.name?.text ?? "")) {
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

/**
 * In a declaration file, writes `Uint8Array` for `Uint8Array<ArrayBuffer>`: TypeScript has the parameter since 5.7, and compilers
 * before it refuse the file.
 */
export function dropBuffers(context: ts.TransformationContext): ts.Transformer<ts.SourceFile | ts.Bundle> {
  const walk = (node: ts.Node): ts.Node => {
    const isArray =
      ts.isTypeReferenceNode(node) &&
      ts.isIdentifier(node.typeName) &&
      /^((Big)?(Ui|I)nt|Float)\d+(Clamped)?Array$|^ArrayBufferView$/.test(node.typeName.text);
    if (!isArray) return ts.visitEachChild(node, walk, context);
    return context.factory.updateTypeReferenceNode(node, node.typeName, undefined);
  };
  return (root) => walk(root) as ts.SourceFile;
}

/** Whether a string in this place names a module. */
function names(path: ts.Node[]): boolean {
  const [grandparent, parent] = path.slice(-2);
  if (ts.isLiteralTypeNode(parent)) return ts.isImportTypeNode(grandparent);
  return ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent) || ts.isModuleDeclaration(parent);
}
