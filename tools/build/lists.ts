import ts from "typescript";

/**
 * Writes out `Object.values(module)` of a namespace that is imported of the same package: `[module.a, module.b]`. Bundlers
 * would make an object of the namespace, with a name for every value that nobody reads.
 */
export function listValues(checker: ts.TypeChecker): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (root) => {
    const { factory } = context;
    const walk = (node: ts.Node): ts.Node => {
      const namespace = ts.isCallExpression(node) ? namespaceOf(checker, node) : undefined;
      if (namespace === undefined) return ts.visitEachChild(node, walk, context);
      return factory.createArrayLiteralExpression(
        valuesOf(checker, namespace).map((name) => factory.createPropertyAccessExpression(namespace, name)),
      );
    };
    return walk(root) as ts.SourceFile;
  };
}

/** The namespace whose values a call gives. */
function namespaceOf(checker: ts.TypeChecker, call: ts.CallExpression): ts.Identifier | undefined {
  const [argument] = call.arguments;
  if (!ts.isPropertyAccessExpression(call.expression) || argument === undefined) return undefined;
  const { expression, name } = call.expression;
  if (!ts.isIdentifier(expression) || expression.text !== "Object" || name.text !== "values")
    return undefined;
  if (!ts.isIdentifier(argument)) return undefined;
  const isNamespace = checker.getSymbolAtLocation(argument)?.declarations?.some(ts.isNamespaceImport);
  return isNamespace ? argument : undefined;
}

/** The names of a namespace's values in the order of `Object.values`. */
function valuesOf(checker: ts.TypeChecker, namespace: ts.Identifier): string[] {
  const symbol = checker.getSymbolAtLocation(namespace) as ts.Symbol;
  const names = checker.getExportsOfModule(checker.getAliasedSymbol(symbol)).flatMap((exported) => {
    const target = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    return target.flags & ts.SymbolFlags.Value ? [exported.name] : [];
  });
  return names.sort((a, b) => (a < b ? -1 : 1));
}
