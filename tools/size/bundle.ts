/** What a page downloads of some code that uses the built packages: bundled, minified and gzipped, in bytes. */
import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
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
}

/** One file of JavaScript, as a page gets it. */
export async function downloadOfFile(path: string): Promise<number> {
  const { code } = await transform(readFileSync(path, "utf8"), { minify: true, format: "esm", target });
  return gzip(code);
}

/**
 * What esbuild makes of an entry with `--splitting`: the entry and the chunks that it imports, without those that are loaded when called
 * for, such as the data of `loadDigits`. It keeps all of a namespace that another package exports, like `nn`, once a page uses one
 * thing of it.
 */
export async function downloadByEsbuild({ entry, external = [] }: Page): Promise<number> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: entry, resolveDir: root, loader: "ts" },
    bundle: true,
    splitting: true,
    metafile: true,
    outdir: root,
    minify: true,
    write: false,
    format: "esm",
    platform: "browser",
    target,
    external: ["node:*", ...external],
    logLevel: "silent",
  });
  const { outputs } = metafile;
  const loaded = new Set(Object.keys(outputs).filter((path) => outputs[path].entryPoint === "<stdin>"));
  for (const path of loaded)
    for (const { kind, path: other, external: isOutside } of outputs[path].imports)
      if (kind === "import-statement" && !isOutside) loaded.add(other);
  const files = outputFiles.filter(({ path }) => loaded.has(relative(process.cwd(), path)));
  return files.reduce((total, { contents }) => total + gzipSync(contents, { level: 9 }).length, 0);
}

/** What Rollup makes of an entry, minified by esbuild, as Vite did it up to version 7: of a namespace, what is used. */
export async function downloadByRollup({ entry, external = [] }: Page): Promise<number> {
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
  return gzip((await transform(output[0].code, { minify: true, format: "esm", target })).code);
}

/** The built module of one of the packages, whatever conditions this program runs under. */
function moduleOf(name: string): { id: string; moduleSideEffects: boolean } {
  if (!/^(@flambeau\/|flambeau$)/.test(name)) return dependency(name);
  const folder = fileURLToPath(new URL("..", import.meta.resolve(name)));
  const { exports, sideEffects } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    exports: { ".": { default: string } };
    sideEffects: boolean | string[];
  };
  return { id: join(folder, exports["."].default), moduleSideEffects: sideEffects === true };
}

/** The module that bundlers take for pages of a package that ours depend on. */
function dependency(name: string): { id: string; moduleSideEffects: boolean } {
  const folder = join(root, "node_modules", name);
  const { module, sideEffects } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    module: string;
    sideEffects?: boolean;
  };
  return { id: join(folder, module), moduleSideEffects: sideEffects !== false };
}

function gzip(code: string): number {
  return gzipSync(code, { level: 9 }).length;
}
