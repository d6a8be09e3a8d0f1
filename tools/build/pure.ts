/** What tells bundlers that constants which nobody uses may go. */
import ts from "typescript";

/**
 * Tells bundlers that a constant which nobody uses may go, with all the calls that make it: it marks every call in the
 * initializer of a module's constants and of its classes' static fields as pure. A constant whose making
 * has an effect of its own is against the rules of the house; what has one is written as a statement.
 */
export function markPure(context: ts.TransformationContext): ts.Transformer<ts.SourceFile> {
  // `divides`: a slash stands right before the node. Rolldown's minifier leaves no space there, and "//" would begin a comment.
  const mark = (node: ts.Node, divides = false): ts.Node => {
    // What a function does when it is called is its own affair.
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return node;
    const inside = ts.visitEachChild(
      node,
      (child) =>
        mark(
          child,
          ts.isBinaryExpression(node) ? dividesIn(node, child, divides) : divides && startsWith(node, child),
        ),
      context,
    );
    return !divides && (ts.isCallExpression(node) || ts.isNewExpression(node))
      ? ts.addSyntheticLeadingComment(inside, ts.SyntaxKind.MultiLineCommentTrivia, "@__PURE__", false)
      : inside;
  };
  const dividesIn = (node: ts.BinaryExpression, child: ts.Node, divides: boolean): boolean =>
    child === node.right ? node.operatorToken.kind === ts.SyntaxKind.SlashToken : divides;
  const startsWith = (node: ts.Node, child: ts.Node): boolean =>
    (ts.isCallExpression(node) ||
      ts.isPropertyAccessExpression(node) ||
      ts.isElementAccessExpression(node)) &&
    child === node.expression;
  const field = (node: ts.Node): ts.Node => {
    const isStatic =
      ts.isPropertyDeclaration(node) &&
      node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword);
    return isStatic ? ts.visitEachChild(node, (child) => mark(child), context) : node;
  };
  const statement = (node: ts.Node): ts.Node => {
    if (ts.isVariableStatement(node)) return ts.visitEachChild(node, (child) => mark(child), context);
    return ts.isClassDeclaration(node) ? ts.visitEachChild(node, field, context) : node;
  };
  return (root) => ts.visitEachChild(root, statement, context);
}

/**
 * Puts what a module's constant reads of another package's namespace, `const svdvals = linalg.svdvals`, into a call, which `markPure`
 * marks: a read may have an effect for all that bundlers see, and they would keep the constant, and the namespace with it.
 */
export function readByCall(context: ts.TransformationContext): ts.Transformer<ts.SourceFile> {
  const { factory } = context;
  return (root) => {
    const imported = namesFromPackages(root);
    const isRead = (node: ts.Expression): boolean =>
      ts.isPropertyAccessExpression(node) &&
      ts.isIdentifier(node.expression) &&
      imported.has(node.expression.text);
    const called = (node: ts.Node): ts.Node => {
      if (ts.isVariableDeclarationList(node)) return ts.visitEachChild(node, called, context);
      if (!ts.isVariableDeclaration(node) || node.initializer === undefined || !isRead(node.initializer))
        return node;
      const read = factory.createArrowFunction(
        undefined,
        undefined,
        [],
        undefined,
        undefined,
        node.initializer,
      );
      const call = factory.createCallExpression(factory.createParenthesizedExpression(read), undefined, []);
      return factory.updateVariableDeclaration(node, node.name, node.exclamationToken, node.type, call);
    };
    const statement = (node: ts.Node): ts.Node =>
      ts.isVariableStatement(node) ? ts.visitEachChild(node, called, context) : node;
    return ts.visitEachChild(root, statement, context);
  };
}

/** The names that a module imports of other packages. */
function namesFromPackages({ statements }: ts.SourceFile): ReadonlySet<string> {
  const names = statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) return [];
    const bindings = statement.importClause?.namedBindings;
    if (statement.moduleSpecifier.text.startsWith(".") || bindings === undefined) return [];
    return ts.isNamedImports(bindings)
      ? bindings.elements.map(({ name }) => name.text)
      : [bindings.name.text];
  });
  return new Set(names);
}
