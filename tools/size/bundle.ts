/** What a page downloads of some code that uses the built packages: bundled, minified and gzipped, in bytes. */
import { readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import { rollup } from "rollup";
import { root } from "../runtimes.ts";

const target = "es2022";

/** How a page is made of an entry. */
export interface Page {
  /** A module as it could stand in the repository's root. */
  readonly entry: string;
  /** Packages that the page gets from elsewhere. */
  readonly external?: readonly string[];
  /** Modules that it imports when it needs them, by the names of their files in the packages' builds. Default none. */
  readonly later?: readonly string[];
}

/** A file of a bundled page, minified. */
interface BundledFile {
  readonly code: string;
  /** The files that have to be there before it runs. */
  readonly imports: readonly string[];
}

/** Minified and gzipped, what a page downloads that begins with these files: with each all that it imports. */
async function downloadOf(
  files: ReadonlyMap<string, BundledFile>,
  first: readonly string[],
): Promise<number> {
  const needed = new Set(first);
  let bytes = 0;
  for (const name of needed) {
    const { code, imports } = files.get(name) as BundledFile;
    bytes += gzip(code);
    for (const imported of imports) if (files.has(imported)) needed.add(imported);
  }
  return bytes;
}

/** The files of these names. @throws when a page does not import one of them by itself. */
function filesNamed(later: readonly string[], dynamic: ReadonlyMap<string, string>): string[] {
  return later.map((name) => {
    const file = dynamic.get(name);
    if (file !== undefined) return file;
    throw new Error(`no page imports ${name} later; there are ${[...dynamic.keys()].join(", ")}`);
  });
}

/** One file of JavaScript, as a page gets it. */
export async function downloadOfFile(path: string): Promise<number> {
  const { code } = await transform(readFileSync(path, "utf8"), { minify: true, format: "esm", target });
  return gzip(code);
}

/**
 * What esbuild makes of an entry with `--splitting`: the entry and the chunks that it imports, and those named `later`. It keeps all of a
 * namespace that another package exports, like `nn`, once a page uses one thing of it.
 */
export async function downloadByEsbuild({ entry, external = [], later }: Page): Promise<number> {
  const outdir = join(root, "page");
  const { outputFiles, metafile } = await build({
    stdin: { contents: entry, resolveDir: root, loader: "ts" },
    bundle: true,
    splitting: true,
    minify: true,
    write: false,
    outdir,
    chunkNames: "[name]-[hash]",
    metafile: true,
    format: "esm",
    platform: "browser",
    target,
    external: ["node:*", ...external],
    logLevel: "silent",
    absWorkingDir: root,
  });
  const files = new Map<string, BundledFile>();
  const dynamic = new Map<string, string>();
  const texts = new Map(outputFiles.map(({ path, text }) => [relative(root, path), text]));
  for (const [path, { imports, entryPoint }] of Object.entries(metafile.outputs)) {
    const own = imports.filter(({ kind }) => kind === "import-statement").map(({ path }) => path);
    files.set(path, { code: texts.get(path) as string, imports: own });
    if (entryPoint !== undefined) dynamic.set(basename(entryPoint, ".js"), path);
  }
  return downloadOf(files, ["page/stdin.js", ...filesNamed(later ?? [], dynamic)]);
}

/** What Rollup makes of an entry, minified by esbuild, as Vite did it up to version 7: of a namespace, what is used. */
export async function downloadByRollup({ entry, external = [], later = [] }: Page): Promise<number> {
  const start = join(root, "entry.ts");
  const made = await rollup({
    input: start,
    external: [/^node:/, ...external],
    onwarn: () => {},
    plugins: [
      {
        name: "packages as users install them",
        resolveId: (id, importer) => {
          if (importer === undefined) return id;
          return id.startsWith(".") ? resolve(dirname(importer), id) : moduleOf(id);
        },
        load: async (id) => {
          const text = id === start ? entry : readFileSync(id, "utf8");
          return id.endsWith(".ts") ? (await transform(text, { loader: "ts", target })).code : text;
        },
      },
    ],
  });
  const { output } = await made.generate({ format: "es" });
  await made.close();
  const chunks = output.filter((one) => one.type === "chunk");
  const files = new Map<string, BundledFile>();
  for (const { fileName, code, imports } of chunks)
    files.set(fileName, {
      code: (await transform(code, { minify: true, format: "esm", target })).code,
      imports,
    });
  const dynamic = new Map(
    chunks
      .filter(({ isDynamicEntry }) => isDynamicEntry)
      .map(({ facadeModuleId, fileName }) => [basename(facadeModuleId as string, ".js"), fileName]),
  );
  return downloadOf(files, [chunks[0].fileName, ...filesNamed(later, dynamic)]);
}

/** The built module of one of the packages, whatever conditions this program runs under. */
function moduleOf(name: string): ReturnType<typeof dependency> {
  if (!/^(@flambeau\/|flambeau$)/.test(name)) return dependency(name);
  const folder = fileURLToPath(new URL("..", import.meta.resolve(name)));
  const { exports, sideEffects } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    exports: { ".": { default: string } };
    sideEffects: boolean | string[];
  };
  return { id: join(folder, exports["."].default), moduleSideEffects: sideEffects === true };
}

/** The module that bundlers take for pages of a package that ours depend on. One without such a module stays out: no page here loads one. */
function dependency(name: string): { id: string; moduleSideEffects: boolean; external?: boolean } {
  const folder = join(root, "node_modules", name);
  const { module, sideEffects } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    module?: string;
    sideEffects?: boolean;
  };
  if (module === undefined) return { id: name, moduleSideEffects: false, external: true };
  return { id: join(folder, module), moduleSideEffects: sideEffects !== false };
}

function gzip(code: string): number {
  return gzipSync(code, { level: 9 }).length;
}
