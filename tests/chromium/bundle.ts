/** JavaScript for pages, made of this repository's TypeScript. */
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type BuildFailure, type BuildOptions, build, type Plugin } from "esbuild";
import { root, sourceCondition } from "../../tools/runtimes.ts";

const standIns: Readonly<Record<string, string>> = {
  "node:test": join(root, "tools", "browser", "page-test.ts"),
  "node:assert/strict": join(root, "tools", "browser", "page-assert.ts"),
};

const missing = /^a page has no (.*)$/;

/** Test files as one module, with the packages' sources and with stand-ins for Node's own modules. */
export function bundleTests(files: readonly string[]): Promise<string> {
  const imports = files.map((file) => `import "./${file}";`).join("\n");
  const contents = `import "./tests/src/seed.ts";
${imports}
import { run } from "node:test";
await run((outcome) => globalThis.tell(outcome));
globalThis.finish();
`;
  const nodeModules: Plugin = {
    name: "stand-ins for Node's modules",
    setup({ onResolve }) {
      onResolve({ filter: /^node:/ }, ({ path }) =>
        path in standIns ? { path: standIns[path] } : { errors: [{ text: `a page has no ${path}` }] },
      );
    },
  };
  // Tests lie in packages that say of themselves that importing them does nothing.
  return bundle(
    { contents, resolveDir: root },
    { conditions: [sourceCondition], plugins: [nodeModules], ignoreAnnotations: true },
  );
}

/** What test files need that only Node, Bun and Deno have. */
export async function nodeModulesOf(file: string): Promise<string[]> {
  try {
    await bundleTests([file]);
    return [];
  } catch (error) {
    const names = ((error as Partial<BuildFailure>).errors ?? []).map(({ text }) => missing.exec(text)?.[1]);
    if (names.length === 0 || names.includes(undefined)) throw error;
    return [...new Set(names as string[])];
  }
}

/** A page's program that imports the packages by name, which the page finds with `importMap`. */
export function bundlePage(file: string): Promise<string> {
  const contents = readFileSync(join(root, file), "utf8");
  return bundle(
    { contents, resolveDir: join(root, file, ".."), loader: "ts" },
    { external: ["flambeau", "@flambeau/*"] },
  );
}

async function bundle(
  stdin: { contents: string; resolveDir: string; loader?: "ts" },
  options: BuildOptions,
): Promise<string> {
  const { outputFiles } = await build({
    stdin,
    ...options,
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    // Tests print classes' and functions' names.
    keepNames: true,
    logLevel: "silent",
  });
  return outputFiles[0].text;
}

/** Where a page finds the built packages, and what they import of others. */
export const importMap: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    globSync("packages/*/package.json", { cwd: root }).map((file) => {
      const { name, exports } = JSON.parse(readFileSync(join(root, file), "utf8")) as Manifest;
      return [name, `/${join(dirname(file), exports["."].default)}`];
    }),
  ),
  fflate: "/node_modules/fflate/esm/browser.js",
};

interface Manifest {
  readonly name: string;
  readonly exports: { readonly ".": { readonly default: string } };
}
