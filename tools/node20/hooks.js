// Module hooks for Node 20: test files are transpiled as they load, and a package's sources give way to its build, so that
// a test that imports "../src/shape.ts" and one that imports "@flambeau/backend" meet the same modules.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";

const source = /\/packages\/([^/]+)\/src\/(.+)\.ts$/;

export async function resolve(specifier, context, next) {
  const resolved = await next(specifier, context);
  if (!source.test(resolved.url)) return resolved;
  return { ...resolved, url: resolved.url.replace(source, "/packages/$1/dist/$2.js"), format: "module" };
}

export async function load(url, context, next) {
  if (!url.endsWith(".ts")) return next(url, context);
  const text = await readFile(fileURLToPath(url), "utf8");
  const { code } = await transform(text, {
    loader: "ts",
    format: "esm",
    // Not "node20": 20.0 had no import attributes, and esbuild would drop them.
    target: "node20.10",
    sourcemap: "inline",
    sourcefile: fileURLToPath(url),
  });
  return { format: "module", source: code, shortCircuit: true };
}
