// Module hooks for Node 20: TypeScript is transpiled as it loads, and either all packages are the built ones or all are
// sources, so that a test that imports "../src/index.ts" and one that imports "@flambeau/backend" meet the same modules.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";

const source = /\/packages\/([^/]+)\/src\/index\.ts$/;
const packaged = /(\/packages\/[^/]+)\/src\/.*$/;
const startsWorkers = /\/packages\/cpu-backend\/src\/threads\/runtime\.ts$/;
let conditions = [];
let built = true;

export function initialize(data) {
  built = data.built;
  if (!built) conditions = ["@flambeau/source"];
}

export async function resolve(specifier, context, next) {
  const resolved = await next(specifier, { ...context, conditions: [...context.conditions, ...conditions] });
  if (!built || !source.test(resolved.url)) return resolved;
  return { ...resolved, url: resolved.url.replace(source, "/packages/$1/dist/index.js"), format: "module" };
}

export async function load(url, context, next) {
  if (!url.endsWith(".ts")) return next(url, context);
  const { code } = await transform(await readFile(fileURLToPath(url), "utf8"), {
    loader: "ts",
    format: "esm",
    // Not "node20": 20.0 had no import attributes, and esbuild would drop them.
    target: "node20.10",
    sourcemap: "inline",
    sourcefile: fileURLToPath(url),
    // A package's worker has no hooks, so it is the built one: it is looked for beside the built module.
    define: startsWorkers.test(url)
      ? { "import.meta.url": JSON.stringify(url.replace(packaged, "$1/dist/index.js")) }
      : {},
  });
  return { format: "module", source: code, shortCircuit: true };
}
