/**
 * A page's cells as modules that TypeScript can check. Cells share their names as in a notebook, so each exports what it
 * declares and imports, before its own first line, what it does not declare itself: from the nearest cell above that
 * does, else from one below.
 */
import ts from "typescript";

export interface CellModule {
  readonly text: string;
  /** How many characters come before the cell's own. */
  readonly offset: number;
}

export function pathOf(cell: number): string {
  return `/cell-${cell}.ts`;
}

export function cellModules(cells: readonly string[]): CellModule[] {
  const declared = cells.map(namesOf);
  return cells.map((source, i) => {
    const taken = new Set(declared[i]);
    const imports: string[] = [];
    for (const other of nearestFirst(i, cells.length)) {
      const names = declared[other].filter((name) => !taken.has(name));
      for (const name of names) taken.add(name);
      if (names.length > 0) imports.push(`import { ${names.join(", ")} } from "${pathOf(other)}";`);
    }
    const head = `${imports.join(" ")}\n`;
    return { text: `${head}${source}\nexport { ${declared[i].join(", ")} };\n`, offset: head.length };
  });
}

function nearestFirst(cell: number, count: number): number[] {
  const above = Array.from({ length: cell }, (_, i) => cell - 1 - i);
  const below = Array.from({ length: count - cell - 1 }, (_, i) => cell + 1 + i);
  return [...above, ...below];
}

/** The names of a cell's top level: variables, functions, classes, types and imports. */
function namesOf(source: string): string[] {
  const names = new Set<string>();
  const bind = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) names.add(name.text);
    else for (const element of name.elements) if (ts.isBindingElement(element)) bind(element.name);
  };
  for (const statement of ts.createSourceFile("cell.ts", source, ts.ScriptTarget.Latest).statements) {
    const isExported = ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some(isExport);
    if (isExported) continue;
    if (ts.isVariableStatement(statement)) {
      for (const { name } of statement.declarationList.declarations) bind(name);
    } else if (ts.isImportDeclaration(statement)) {
      const { name, namedBindings } = statement.importClause ?? {};
      if (name !== undefined) names.add(name.text);
      if (namedBindings === undefined) continue;
      if (ts.isNamespaceImport(namedBindings)) names.add(namedBindings.name.text);
      else for (const { name } of namedBindings.elements) names.add(name.text);
    } else if (isDeclaration(statement)) {
      if (statement.name !== undefined) names.add(statement.name.text);
    }
  }
  names.delete("");
  return [...names];
}

function isExport({ kind }: ts.Modifier): boolean {
  return kind === ts.SyntaxKind.ExportKeyword;
}

type Declaration =
  | ts.FunctionDeclaration
  | ts.ClassDeclaration
  | ts.InterfaceDeclaration
  | ts.TypeAliasDeclaration;

function isDeclaration(node: ts.Node): node is Declaration {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node)
  );
}
