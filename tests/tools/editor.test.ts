/** What an editor shows of callables, as TypeScript's language service gives it. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { root } from "../../tools/runtimes.ts";

/** Where `|` stands in a program. */
interface Place {
  readonly name: string;
  readonly at: number;
}

const programs = new Map<string, string>();

/** A program with `|` where an editor's cursor is. */
function place(text: string): Place {
  const name = join(root, `tests/tools/program-${programs.size}.ts`);
  const at = text.indexOf("|");
  const head =
    'import { add, max, sum, tensor, zeros } from "@flambeau/tensor";\nconst x = tensor([[1, 2], [3, 4]]);\n';
  programs.set(name, head + text.replace("|", ""));
  return { name, at: head.length + at };
}

const places = {
  call: place("sum(|)"),
  method: place("x.max(|)"),
  option: place("x.sum(1, { | })"),
  hover: place("su|m(x)"),
  overloaded: place("ma|x(x)"),
  misspelled: place("x.sum(1, { keepdims: true })|"),
  snake: place("zeros([2], { requires_grad: true })|"),
  kind: place('add(x, 1, { alpha: "2" })|'),
};

const service = languageService();

function languageService(): ts.LanguageService {
  const path = join(root, "tsconfig.json");
  const config = ts.readConfigFile(path, ts.sys.readFile).config as { include?: string[] };
  const { options } = ts.parseJsonConfigFileContent(
    { ...config, include: [], files: ["tsconfig.json"] },
    ts.sys,
    root,
  );
  return ts.createLanguageService({
    getCompilationSettings: () => options,
    getScriptFileNames: () => [...programs.keys()],
    getScriptVersion: () => "1",
    getScriptSnapshot: (name) => {
      const text = programs.get(name) ?? ts.sys.readFile(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: (given) => ts.getDefaultLibFilePath(given),
    fileExists: (name) => programs.has(name) || ts.sys.fileExists(name),
    readFile: (name) => programs.get(name) ?? ts.sys.readFile(name),
    readDirectory: ts.sys.readDirectory,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
  });
}

function hover({ name, at }: Place): { readonly text: string; readonly doc: string } {
  const info = service.getQuickInfoAtPosition(name, at);
  return {
    text: ts.displayPartsToString(info?.displayParts),
    doc: ts.displayPartsToString(info?.documentation),
  };
}

/** The ways to call that an editor goes through, each as its parameters. */
function helps({ name, at }: Place): string[] {
  const { items = [] } = service.getSignatureHelpItems(name, at, undefined) ?? {};
  return items.map(({ parameters }) =>
    parameters.map((each) => each.name + (each.isOptional ? "?" : "")).join(", "),
  );
}

function problem({ name }: Place): string {
  const [first] = service.getSemanticDiagnostics(name);
  return ts.flattenDiagnosticMessageText(first?.messageText ?? "", "\n");
}

test("signature help names the parameters", () => {
  assert.deepEqual(helps(places.call), [
    "input, dim, keepdim, options",
    "options",
    "input, options",
    "input, dim, options",
  ]);
  // Of each overload.
  assert.deepEqual(helps(places.method), ["", "other", "options", "dim, keepdim", "options", "dim, options"]);
});

test("hover shows the signature, with PyTorch's defaults, and the docstring", () => {
  const { text, doc } = hover(places.hover);
  assert.match(
    text,
    /Args<"sum\(input, dim\?: int\|ints, keepdim = false, \*, dtype\?\)", object>\): Tensor/,
  );
  assert.equal(doc, "The sum; of integers and bools as int64.");
  assert.match(hover(places.overloaded).text, /Args<"max\(input\)", object>\): Tensor \(\+2 overloads\)/);
});

test("options are completed, with what they are", () => {
  const { name, at } = places.option;
  const names = service.getCompletionsAtPosition(name, at, undefined)?.entries.map((entry) => entry.name);
  assert.deepEqual(names, ["dim", "dtype", "keepdim"]);
  const details = service.getCompletionEntryDetails(
    name,
    at,
    "keepdim",
    undefined,
    undefined,
    undefined,
    undefined,
  );
  assert.equal(
    ts.displayPartsToString(details?.documentation),
    "Whether reduced dimensions stay, with size 1.",
  );
});

test("a wrong option is compared with those that there are", () => {
  assert.match(
    problem(places.misspelled),
    /'keepdims' does not exist in type .* Did you mean to write 'keepdim'\?$/,
  );
  assert.match(
    problem(places.snake),
    /'requires_grad' does not exist in type .* Did you mean to write 'requiresGrad'\?$/,
  );
  assert.match(
    problem(places.kind),
    /The types of 'alpha' are incompatible[\s\S]*'string' is not assignable to type 'Scalar/,
  );
});
