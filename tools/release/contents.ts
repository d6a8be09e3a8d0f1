/** What a package's tarball holds: each file, so that nothing slips in (tests, caches, secrets) and nothing is left out. */
import { existsSync, globSync } from "node:fs";
import { join } from "node:path";
import type { Package } from "./packages.ts";

/** The modules that the build makes of a package beside `index.js`: workers, and what is loaded when it is first used. */
const MODULES: Readonly<Record<string, readonly string[]>> = {
  "@flambeau/cpu-backend": ["core", "flambeau-cpu-worker", "scalar-map"],
  "@flambeau/datasets": ["breast-cancer", "diabetes", "digits", "iris", "wine"],
  "@flambeau/files": [
    ...["checkpoint", "core", "csv", "gguf", "index-file", "node-store", "npy", "npz", "path-folder"],
    ...["path-input", "pt", "safetensors", "save", "tensors", "write-path"],
  ],
  "@flambeau/plot": [
    ...["activations", "axis", "classification", "confusion-matrix", "core", "curves", "histogram", "images"],
    ...["layout", "lines", "model", "nodes", "pixels", "regression", "save", "theme"],
  ],
  "@flambeau/serialization": ["core", "gguf", "npz", "pt", "safetensors", "zip"],
  "@flambeau/webgpu-backend": ["adapter", "backend", "software"],
};

/** The files that a package's tarball has to have, in order. */
export function expectedContents({ folder, manifest }: Package): string[] {
  const sources = globSync("**/*", { cwd: join(folder, "src"), withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) =>
      join(parentPath, name)
        .slice(folder.length + 1)
        .replaceAll("\\", "/"),
    );
  const declarations = sources
    .filter((path) => path.endsWith(".ts"))
    .map((path) => path.replace(/^src\//, "dist/").replace(/\.ts$/, ".d.ts"));
  const modules = ["index", ...(MODULES[manifest.name] ?? [])].map((name) => `dist/${name}.js`);
  const built = [...declarations, ...modules].flatMap((path) => [path, `${path}.map`]);
  // Changesets writes the changelog with the first release.
  const pages = ["package.json", "README.md", "LICENSE", "CHANGELOG.md"];
  return [...pages.filter((name) => existsSync(join(folder, name))), ...sources, ...built].sort();
}

/** What differs between a tarball and the list, a line for each file. */
export function compareContents(actual: readonly string[], expected: readonly string[]): string[] {
  const extra = actual
    .filter((path) => !expected.includes(path))
    .map((path) => `should not be there: ${path}`);
  const missing = expected.filter((path) => !actual.includes(path)).map((path) => `is missing: ${path}`);
  return [...extra, ...missing];
}
