/** What a page downloads of some code: bundled, minified and gzipped, in bytes. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import { rollup } from "rollup";
import { root } from "../runtimes.ts";

const target = "es2022";

/** One file of JavaScript, as a page gets it. */
export async function downloadOfFile(path: string): Promise<number> {
  const { code } = await transform(readFileSync(path, "utf8"), { minify: true, format: "esm", target });
  return gzip(code);
}

/** What esbuild makes of an entry. It keeps all of a namespace like `nn` once a page uses one thing of it. */
export async function downloadByEsbuild(entry: string, external: readonly string[]): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: root, loader: "ts" },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "browser",
    target,
    external: ["node:*", ...external],
    logLevel: "silent",
  });
  return gzip(outputFiles[0].text);
}

/** What Rollup makes of an entry, minified by esbuild, as Vite does it: of a namespace, what is used. */
export async function downloadByRollup(entry: string, external: readonly string[]): Promise<number> {
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
          if (id.startsWith(".")) return resolve(dirname(importer), id);
          const path = fileURLToPath(import.meta.resolve(id));
          return { id: path, moduleSideEffects: sideEffects(path) };
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

function sideEffects(path: string): boolean {
  let folder = dirname(path);
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { sideEffects: boolean })
    .sideEffects;
}

function gzip(code: string): number {
  return gzipSync(code, { level: 9 }).length;
}
