/**
 * A cell's TypeScript as JavaScript that a worker can evaluate, line for line.
 *
 * Types go (sucrase keeps the lines). Imports become a call that looks modules up in what the page carries; the cell's
 * top-level names are handed out as accessors, so that other cells see them, live, while within the cell they stay what
 * they are written as: a const is constant, and a name used too early is an error. Loops and awaits become places where
 * the cell can be interrupted (interrupt.ts). The value of a last statement that is an expression is handed to the page.
 */
import { javascriptLanguage } from "@codemirror/lang-javascript";
import { transform } from "sucrase";

type Tree = ReturnType<typeof javascriptLanguage.parser.parse>;
type Node = Tree["topNode"];

export interface Import {
  readonly module: string;
  /** The exports asked for by name. */
  readonly names: readonly string[];
  readonly line: number;
}

export interface Compiled {
  /** The body of an async function with a parameter `$cell`. Its first line is not the cell's. */
  readonly code: string;
  readonly imports: readonly Import[];
  /** The names it declares for itself and the other cells. */
  readonly names: readonly string[];
}

/** What keeps a cell from being run at all, with its line, from 1. */
export class CellSyntaxError extends Error {
  override name: string = "SyntaxError";
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/** A piece of the script, maybe empty, and what takes its place. */
interface Cut {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** @throws CellSyntaxError when the text is no TypeScript. */
export function compile(source: string): Compiled {
  const script = strip(source);
  const tree = javascriptLanguage.parser.parse(script);
  const lineAt = (position: number): number => script.slice(0, position).split("\n").length;
  const imports: Import[] = [];
  const names: string[] = [];
  const declare = (added: readonly string[], at: number): void => {
    const twice = added.find((name) => names.includes(name));
    if (twice !== undefined)
      throw new CellSyntaxError(`${twice} has already been declared in this cell`, lineAt(at));
    names.push(...added);
  };
  const loads: string[] = [];
  const cuts: Cut[] = [];
  for (let node = tree.topNode.firstChild; node; node = node.nextSibling) {
    const text = script.slice(node.from, node.to);
    if (node.name === "ImportDeclaration") {
      const found = readImport(node, script);
      imports.push({ module: found.module, names: found.wanted, line: lineAt(node.from) });
      declare(found.bound, node.from);
      loads.push(found.load);
      cuts.push({ from: node.from, to: node.to, text: text.replace(/[^\n]/g, "") });
    } else if (node.name === "ExportDeclaration") {
      const inner =
        node.getChild("VariableDeclaration") ??
        node.getChild("FunctionDeclaration") ??
        node.getChild("ClassDeclaration");
      if (inner === null) throw new CellSyntaxError("a cell has nothing to export to", lineAt(node.from));
      declare(declared(inner, script), node.from);
      cuts.push({ from: node.from, to: inner.from, text: "" });
    } else declare(declared(node, script), node.from);
  }
  cuts.push(...resultCuts(tree.topNode.lastChild), ...innerCuts(tree));
  const body = applyCuts(script, cuts);
  const accessors = names.map((name) => `${name}: [() => ${name}, ($value) => { ${name} = $value; }]`);
  const head = `"use strict"; ${loads.join(" ")} $cell.declare({ ${accessors.join(", ")} });`;
  return { code: `${head}\n${body}\n`, imports, names };
}

/** Cuts at one position keep their order. */
function applyCuts(script: string, cuts: readonly Cut[]): string {
  let text = "";
  let end = 0;
  for (const cut of cuts.toSorted((a, b) => a.from - b.from)) {
    text += script.slice(end, cut.from) + cut.text;
    end = cut.to;
  }
  return text + script.slice(end);
}

/** Hands the value of a last statement to the page; that of an assignment is none, as in Python. */
function resultCuts(last: Node | null): Cut[] {
  const value = last?.name === "ExpressionStatement" ? last.firstChild : null;
  if (value === null || value.type.isError || /^(Assignment|Postfix)/.test(value.name)) return [];
  // What stands before an operand is an operator, of which ++ and -- assign.
  if (value.name === "UnaryExpression" && (value.firstChild?.to ?? 0) - value.from === 2) return [];
  return [insert(value.from, "$cell.result(("), insert(value.to, "))")];
}

/** Dynamic imports, which find the same modules as static ones, and the places where a cell can be interrupted. */
function innerCuts(tree: Tree): Cut[] {
  const cuts: Cut[] = [];
  // What closes at the end of two nodes closes the inner one first.
  const closing = new Map<number, string>();
  const close = (at: number, text: string): void => void closing.set(at, text + (closing.get(at) ?? ""));
  tree.iterate({
    enter: ({ name, from, to, node }) => {
      if (name === "import" && node.parent?.name === "DynamicImport")
        cuts.push({ from, to, text: "$cell.import" });
      const operand = name === "AwaitExpression" ? node.firstChild?.nextSibling : null;
      if (operand && !operand.type.isError) {
        cuts.push(insert(operand.from, "$cell.wait("));
        close(to, ")");
      }
      const body = loopBody(node);
      if (body === null) return;
      const check = isAsync(node) ? "if ($cell.isDue()) await $cell.turn();" : "$cell.check();";
      if (body.name === "Block") cuts.push(insert(body.from + 1, check));
      else {
        cuts.push(insert(body.from, `{${check}`));
        close(body.to, "}");
      }
    },
  });
  return [...cuts, ...[...closing].map(([at, text]) => insert(at, text))];
}

function insert(at: number, text: string): Cut {
  return { from: at, to: at, text };
}

function loopBody(node: Node): Node | null {
  const isLoop = node.name === "ForStatement" || node.name === "WhileStatement";
  const body = isLoop
    ? node.lastChild
    : node.name === "DoStatement"
      ? (node.firstChild?.nextSibling ?? null)
      : null;
  return body !== null && /Statement$|^Block$/.test(body.name) ? body : null;
}

/** Whether `await` may stand here: the cell's own code is a function that waits, as are those that say so. */
function isAsync(node: Node): boolean {
  for (let at = node.parent; at !== null; at = at.parent) {
    if (/^StaticBlock$|^PropertyDeclaration$/.test(at.name)) return false;
    const isFunction = /^(Function|Method|Arrow)/.test(at.name) || at.getChild("ParamList") !== null;
    if (isFunction) return at.getChild("async") !== null;
  }
  return true;
}

function strip(source: string): string {
  try {
    const options = {
      transforms: ["typescript" as const],
      disableESTransforms: true,
      keepUnusedImports: true,
    };
    return transform(source, { ...options, preserveDynamicImport: true }).code;
  } catch (error) {
    const { loc, message } = error as Error & { loc?: { line: number } };
    throw new CellSyntaxError(
      message.replace(/^Error transforming [^:]*: /, "").replace(/ \(\d+:\d+\)$/, ""),
      loc?.line ?? 1,
    );
  }
}

/** The line of the first place that the grammar has no name for; for engines that do not tell where an error is. */
export function brokenLine(source: string): number | undefined {
  const script = strip(source);
  let line: number | undefined;
  javascriptLanguage.parser.parse(script).iterate({
    enter: ({ type, from }) => {
      if (type.isError) line ??= script.slice(0, from).split("\n").length;
    },
  });
  return line;
}

interface FoundImport {
  readonly module: string;
  readonly wanted: readonly string[];
  readonly bound: readonly string[];
  readonly load: string;
}

/** `import a, { b, c as d } from "m"` or `import * as e from "m"`. */
function readImport(node: Node, script: string): FoundImport {
  const text = script.slice(node.from, node.to);
  const string = node.getChild("String");
  const module =
    string === null ? "" : (JSON.parse(`"${script.slice(string.from + 1, string.to - 1)}"`) as string);
  const from = JSON.stringify(module);
  const space = /^import\s*\*\s*as\s+([\w$]+)/.exec(text);
  if (space !== null)
    return {
      module,
      wanted: [],
      bound: [space[1]],
      load: `const ${space[1]} = await $cell.import(${from});`,
    };
  const fallback = /^import\s+([\w$]+)/.exec(text)?.[1];
  const listed = /\{([^}]*)\}/.exec(text)?.[1] ?? "";
  const pairs = listed
    .split(",")
    .map((part) => part.trim().split(/\s+as\s+/))
    .filter(([name]) => name !== "")
    .map(([name, local]) => [name, local ?? name]);
  if (fallback !== undefined) pairs.unshift(["default", fallback]);
  const pattern = pairs.map(([name, local]) => (name === local ? name : `${name}: ${local}`)).join(", ");
  return {
    module,
    wanted: pairs.map(([name]) => name),
    bound: pairs.map(([, local]) => local),
    load: `const { ${pattern} } = await $cell.import(${from});`,
  };
}

function declared(node: Node, script: string): string[] {
  if (node.name === "FunctionDeclaration" || node.name === "ClassDeclaration") {
    const name = node.getChild("VariableDefinition");
    return name === null ? [] : [script.slice(name.from, name.to)];
  }
  return node.name === "VariableDeclaration" ? bound(node, script) : [];
}

/** The names that a declaration or a pattern binds; not those in its values. */
function bound(node: Node, script: string): string[] {
  const found: string[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name === "VariableDefinition") found.push(script.slice(child.from, child.to));
    else if (/Pattern/.test(child.name)) found.push(...bound(child, script));
  }
  return found;
}
