/**
 * Builds the package in the current folder: `src/` to `dist/`, one module of JavaScript, with declarations and maps.
 *
 * TypeScript compiles; Rollup joins what it made of the files into `index.js`, because a runtime takes longer to find and
 * open a hundred small modules than to run them. What is imported dynamically and a worker's program stay files of their
 * own, as do the parts of a package of which pages load one without the others. Types are checked apart, by `npm run typecheck` and `npm run check:declarations`. Declarations stay one per source:
 * nobody waits for them, and "go to definition" lands in the file where something is. See docs/decisions/build.md.
 */
import { rmSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import { transform } from "esbuild";
import { type OutputOptions, type Plugin, rollup } from "rollup";
import ts from "typescript";
import { listValues } from "./build/lists.ts";
import { markPure, readByCall } from "./build/pure.ts";
import {
  declareByLet,
  dropBuffers,
  dropEmptyFields,
  nameBuiltFiles,
  nameBuiltWorkers,
  nameClasses,
  placeNumbers,
  placeStrings,
} from "./build/transformers.ts";

const host: ts.FormatDiagnosticsHost = {
  getCurrentDirectory: ts.sys.getCurrentDirectory,
  getCanonicalFileName: (name) => name,
  getNewLine: () => "\n",
};

/**
 * Docstrings are in the declarations, for editors, and in `src/`, for debuggers; an engine would only have to read past them, a
 * third of the text. Notes for bundlers (`@__PURE__`) stay.
 */
const withoutComments: Plugin = {
  name: "without comments",
  renderChunk: (code) => transform(code, { target: "esnext", legalComments: "none", sourcemap: "external" }),
};

/**
 * Packages whose `index.js` only names what is in other modules: by package, the module of a folder or file of `src`; the rest is in `core.js`.
 * Bundlers put a module into one file of a page, as a whole, so what a page loads later, or not at all, has to be one.
 */
const modulesOf: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // What is loaded later shares with the others what is in their core.
  "cpu-backend": {},
  plot: {},
  files: {
    checkpoint: "checkpoint",
    output: "save",
    "save.js": "save",
    "save-bytes.js": "save",
    "save-folder.js": "save",
  },
  serialization: {
    gguf: "gguf",
    "npz.js": "npz",
    pickle: "pt",
    pt: "pt",
    safetensors: "safetensors",
    zip: "zip",
  },
};

const dist = join(process.cwd(), "dist");
const compiled = compile(process.cwd());
if (compiled === undefined) process.exitCode = 1;
else for (const entry of compiled.entries) await bundle(entry, compiled.files);

interface Compiled {
  /** What TypeScript wrote, by path: JavaScript and its maps. */
  readonly files: ReadonlyMap<string, string>;
  /** The module that users import, and the workers. */
  readonly entries: readonly string[];
}

/** Writes the declarations and gives the JavaScript; undefined after errors, which it reports. */
function compile(folder: string): Compiled | undefined {
  const parsed = ts.getParsedCommandLineOfConfigFile(join(folder, "tsconfig.build.json"), undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (diagnostic) => report([diagnostic]),
  });
  if (parsed === undefined || report(parsed.errors)) return undefined;
  const program = ts.createProgram(parsed.fileNames, parsed.options);
  if (report([...program.getOptionsDiagnostics(), ...program.getSyntacticDiagnostics()])) return undefined;
  rmSync(dist, { recursive: true, force: true });
  const files = new Map<string, string>();
  const workers = new Set<string>();
  const write: ts.WriteFileCallback = (path, text) => {
    if (/\.js(\.map)?$/.test(path)) files.set(path, text);
    else ts.sys.writeFile(path, text);
  };
  const { diagnostics } = program.emit(undefined, write, undefined, false, {
    before: [
      placeStrings(program.getTypeChecker()),
      nameBuiltWorkers((source) => workers.add(builtPath(folder, source))),
      nameClasses(program),
      placeNumbers(program.getTypeChecker()),
      listValues(program.getTypeChecker()),
      dropEmptyFields,
      readByCall,
      markPure,
      declareByLet,
    ],
    afterDeclarations: [nameBuiltFiles, dropBuffers],
  });
  return report(diagnostics) ? undefined : { files, entries: [join(dist, "index.js"), ...workers] };
}

function builtPath(folder: string, source: string): string {
  return join(dist, source.slice(join(folder, "src").length)).replace(/\.ts$/, ".js");
}

function report(diagnostics: readonly ts.Diagnostic[]): boolean {
  if (diagnostics.length > 0) console.error(ts.formatDiagnosticsWithColorAndContext(diagnostics, host));
  return diagnostics.some(({ category }) => category === ts.DiagnosticCategory.Error);
}

/** Writes `dist/NAME.js` of an entry with all that it imports of its own package. */
async function bundle(entry: string, files: Compiled["files"]): Promise<void> {
  const emitted: Plugin = {
    name: "what TypeScript emitted",
    resolveId: (id, importer) => {
      if (importer === undefined) return id;
      return id.startsWith(".") ? join(dirname(importer), id) : { id, external: true };
    },
    load: (id) => ({
      code: (files.get(id) as string).replace(/\n\/\/# sourceMappingURL=.*\n?$/, "\n"),
      map: files.get(`${id}.map`),
    }),
  };
  const build = await rollup({
    input: entry,
    plugins: [emitted, withoutComments],
    onwarn: ({ code, message }) => {
      // TypeScript's helpers look whether a script has defined them already.
      if (code !== "THIS_IS_UNDEFINED") throw new Error(message);
    },
  });
  await build.write({
    dir: dist,
    format: "es",
    entryFileNames: basename(entry),
    chunkFileNames: "[name].js",
    ...splitUp(entry),
    minifyInternalExports: false,
    hoistTransitiveImports: false,
    generatedCode: { constBindings: true },
    sourcemap: true,
    sourcemapExcludeSources: true,
  });
  await build.close();
}

/** The setting of Rollup for a package of several modules. What is imported dynamically has its own already. */
function splitUp(entry: string): OutputOptions {
  const modules = modulesOf[basename(process.cwd())];
  // A worker is one file.
  if (modules === undefined || basename(entry) !== "index.js") return {};
  let early: Set<string> | undefined;
  return {
    manualChunks: (id, { getModuleInfo }) => {
      if (early === undefined) {
        early = new Set([entry]);
        for (const one of early)
          for (const imported of getModuleInfo(one)?.importedIds ?? []) early.add(imported);
      }
      if (id === entry || !early.has(id)) return undefined;
      const [first] = relative(dist, id).split(sep);
      return modules[first] ?? "core";
    },
  };
}
