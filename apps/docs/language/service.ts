/** TypeScript's language service over a page's cells. */
import ts from "typescript";
import { type CellModule, cellModules, pathOf } from "./cells.ts";
import type { Answers, Completions, Description, Problem, Question } from "./messages.ts";

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  // A reader who tries something out need not annotate parameters.
  noImplicitAny: false,
  noEmit: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2024,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  allowImportingTsExtensions: true,
  types: [],
  paths: { flambeau: ["/packages/flambeau/index.d.ts"], "@flambeau/*": ["/packages/*/index.d.ts"] },
};

/** Names of other cells are imports here, and can be assigned to there. */
const ASSIGNED_IMPORT = 2632;

type Asked<K> = Extract<Question, { kind: K }>;

export class CellService {
  readonly #files: Readonly<Record<string, string>>;
  #modules: readonly CellModule[] = [];
  #version = 0;
  readonly #service: ts.LanguageService;

  /** `libraries` are the names of the files in `files` that have the language and the globals. */
  constructor(files: Readonly<Record<string, string>>, libraries: readonly string[]) {
    this.#files = files;
    const folders = new Set(Object.keys(files).map((path) => path.slice(0, path.lastIndexOf("/"))));
    const read = (path: string): string | undefined => this.#moduleAt(path)?.text ?? files[path];
    const options = { ...OPTIONS, lib: libraries.map((name) => `lib.${name}.d.ts`) };
    this.#service = ts.createLanguageService({
      getCompilationSettings: () => options,
      getScriptFileNames: () => ["/globals.d.ts", ...this.#modules.map((_, cell) => pathOf(cell))],
      getScriptVersion: (path) => (path in this.#files ? "0" : String(this.#version)),
      getScriptSnapshot: (path) => {
        const text = read(path);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => "/",
      getDefaultLibFileName: () => `/lib.${libraries[0]}.d.ts`,
      fileExists: (path) => read(path) !== undefined,
      readFile: read,
      directoryExists: (path) =>
        path === "/" || [...folders].some((folder) => `${folder}/`.startsWith(`${path}/`)),
    });
  }

  answer<Q extends Question>(cells: readonly string[], question: Q): Answers[Q["kind"]] {
    const modules = cellModules(cells);
    if (
      modules.length !== this.#modules.length ||
      modules.some(({ text }, i) => text !== this.#modules[i].text)
    ) {
      this.#modules = modules;
      this.#version++;
    }
    return this[question.kind](question as never) as Answers[Q["kind"]];
  }

  #moduleAt(path: string): CellModule | undefined {
    const cell = /^\/cell-(\d+)\.ts$/.exec(path)?.[1];
    return cell === undefined ? undefined : this.#modules[Number(cell)];
  }

  complete({ cell, at }: Asked<"complete">): Completions | undefined {
    const { text, offset } = this.#modules[cell];
    const place = at + offset;
    const found = this.#service.getCompletionsAtPosition(pathOf(cell), place, { includeSymbol: true });
    if (found === undefined) return undefined;
    const word = /[\w$]*$/.exec(text.slice(offset, place))?.[0] ?? "";
    return {
      from: at - word.length,
      entries: found.entries
        .filter(({ symbol }) => !symbol?.getJsDocTags(undefined).some(({ name }) => name === "internal"))
        .map(({ name, sortText }) => ({ name, sort: sortText })),
    };
  }

  describe({ cell, at, name }: Asked<"describe">): Description | undefined {
    const place = at + this.#modules[cell].offset;
    const found = this.#service.getCompletionEntryDetails(
      pathOf(cell),
      place,
      name,
      {},
      undefined,
      {},
      undefined,
    );
    if (found === undefined) return undefined;
    return { from: at, to: at, ...described(found.displayParts, found.documentation, found.tags) };
  }

  hover({ cell, at }: Asked<"hover">): Description | undefined {
    const { offset } = this.#modules[cell];
    const found = this.#service.getQuickInfoAtPosition(pathOf(cell), at + offset);
    // `any` is what a mistake is called.
    if (found === undefined || ts.displayPartsToString(found.displayParts) === "any") return undefined;
    const from = found.textSpan.start - offset;
    return {
      from,
      to: from + found.textSpan.length,
      ...described(found.displayParts, found.documentation, found.tags),
    };
  }

  check({ cell }: Asked<"check">): Problem[] {
    const { text, offset } = this.#modules[cell];
    const end = text.lastIndexOf("\nexport {") - offset;
    const path = pathOf(cell);
    const problems = [
      ...this.#service.getSyntacticDiagnostics(path),
      ...this.#service.getSemanticDiagnostics(path),
    ]
      .filter(({ code, start = 0 }) => code !== ASSIGNED_IMPORT && start >= offset)
      .map(({ start = 0, length = 0, messageText, category }): Problem => {
        const from = Math.min(start - offset, end);
        const severity = category === ts.DiagnosticCategory.Error ? "error" : "warning";
        const message = ts.flattenDiagnosticMessageText(messageText, "\n");
        return { from, to: Math.min(from + length, end), message, severity };
      });
    // What is missing at the cell's end is reported behind it, too, out of sight.
    const inside = problems.filter(({ from }) => from < end);
    return inside.length > 0 ? inside : problems.slice(0, 1);
  }
}

function described(
  signature: ts.SymbolDisplayPart[] = [],
  documentation: ts.SymbolDisplayPart[] = [],
  tags: ts.JSDocTagInfo[] = [],
): Pick<Description, "signature" | "documentation"> {
  const listed = tags
    .filter(({ name }) => name !== "internal" && name !== "module")
    .map(({ name, text }) => {
      const content = ts.displayPartsToString(text);
      return name === "example" ? content : `**${name}** ${content}`;
    });
  return {
    signature: ts.displayPartsToString(signature).replace(/^\(alias\) ([\s\S]*)\nimport .*$/, "$1"),
    documentation: [ts.displayPartsToString(documentation), ...listed]
      .filter((part) => part !== "")
      .join("\n\n"),
  };
}
