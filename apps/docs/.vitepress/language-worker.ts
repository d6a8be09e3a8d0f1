/**
 * `import url from "virtual:language-worker"`: where the worker is that has TypeScript. Its bundle is TypeScript itself and
 * a text of declarations, so esbuild makes it alone: as a part of the site's own bundle it would double the time of a build.
 */
import { build } from "esbuild";
import type { Plugin } from "vitepress";
import { declarations, LIBRARIES } from "../language/declarations.ts";

const id = "virtual:language-worker";
const served = "language-worker.js";

export function languageWorker(base: string): Plugin {
  let isServed = false;
  let made: Promise<string> | undefined;
  return {
    name: "flambeau-language-worker",
    configResolved({ command }) {
      isServed = command === "serve";
    },
    resolveId: (source) => (source === id ? `\0${id}` : undefined),
    async load(path, options) {
      if (path !== `\0${id}`) return undefined;
      if (isServed || options?.ssr) return `export default ${JSON.stringify(base + served)};`;
      made ??= bundle();
      const asset = this.emitFile({ type: "asset", name: served, source: await made });
      return `export default import.meta.ROLLUP_FILE_URL_${asset};`;
    },
    configureServer({ middlewares }) {
      middlewares.use(base + served, (_request, response, next) => {
        made ??= bundle();
        made.then((code) => {
          response.setHeader("Content-Type", "text/javascript");
          response.end(code);
        }, next);
      });
    },
  };
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [new URL("../language/worker.ts", import.meta.url).pathname],
    bundle: true,
    write: false,
    minify: true,
    format: "esm",
    target: "es2022",
    legalComments: "none",
    define: {
      // JSON.parse of a text is faster than an object of the same size.
      DECLARATIONS: JSON.stringify(JSON.stringify(declarations())),
      LIBRARIES: JSON.stringify(LIBRARIES),
    },
  });
  return outputFiles[0].text;
}
