/**
 * The ways in which users take the library along: each a small project, with the commands that build it, where it runs and what it
 * has to print. `npm run test:projects` makes them of the packed packages; the install guide's table is drawn from here.
 */

export type Where = "Node 20" | "Node 24" | "Bun" | "Deno" | "Chromium";

/** What differs between projects in what the program prints. */
export interface Expected {
  /** Whether a user's own class has its name: a minifier renames it. */
  readonly ownNames: boolean;
  /** How many threads worked on one product. */
  readonly threads: 1 | 2;
  /** Of one thread where two are possible: what is warned of. */
  readonly warning?: string;
}

/** What else than the program's output is expected. */
export interface Shown {
  readonly status: number;
  /** Lines that are in the output, without the spaces around them. */
  readonly lines: readonly string[];
}

/** A program or a page, once it is built. */
export interface Check {
  /** What it is, where a project has several. */
  readonly name: string;
  readonly where: Where;
  /** The arguments of the runtime; for Chromium, the page's path. */
  readonly run: readonly string[];
  /** For Chromium: a folder of files, or the command of a server, whose port is `{port}`; and whether they isolate the page. */
  readonly site?: {
    readonly folder?: string;
    readonly server?: readonly string[];
    readonly isolated: boolean;
  };
  /** The program's output (`expected.ts`), or what else is shown. */
  readonly expected: Expected | Shown;
  /** Fetches the page without a browser: its HTML has the output. */
  readonly rendersOnServer?: boolean;
}

export interface Project {
  /** Its rows in the guide. */
  readonly title: string;
  /** What the guide says of it instead of a number of threads. */
  readonly works?: string;
  /** Copied from here, together with `program/`. */
  readonly folder: string;
  /** Files that a stranger left where the program is run, with their text. */
  readonly files?: Readonly<Record<string, string>>;
  readonly build?: readonly (readonly string[])[];
  readonly env?: Readonly<Record<string, string>>;
  readonly checks: readonly Check[];
}

const plain: Expected = { ownNames: true, threads: 2 };
const minified: Expected = { ownNames: false, threads: 2 };
const remedy = "(bundle @flambeau/cpu-backend/worker as flambeau-cpu-worker.js beside the program)";
const alone = (ownNames: boolean, warning?: string): Expected => ({ ownNames, threads: 1, warning });

const unbundled: readonly Project[] = [
  {
    title: "no bundler, `import`",
    folder: "program",
    checks: [
      { name: "", where: "Node 20", run: ["main.js"], expected: plain },
      { name: "", where: "Node 24", run: ["main.js"], expected: plain },
      { name: "", where: "Bun", run: ["main.js"], expected: plain },
      { name: "`deno run -R`", where: "Deno", run: ["-R", "main.js"], expected: plain },
      {
        name: "`deno run`",
        where: "Deno",
        run: ["main.js"],
        expected: alone(true, "Deno may not read flambeau-cpu-worker.js (deno run -R permits it)"),
      },
    ],
  },
  {
    title: "no bundler, `require`",
    folder: "program",
    checks: [
      { name: "", where: "Node 20", run: ["main.cjs"], expected: plain },
      { name: "", where: "Node 24", run: ["main.cjs"], expected: plain },
    ],
  },
];

const esbuild = (...args: string[]): readonly string[] => [
  "esbuild",
  "--bundle",
  "--log-level=warning",
  ...args,
];
const withWorker = ["main=./main.js", "flambeau-cpu-worker=@flambeau/cpu-backend/worker"];

const bundled: readonly Project[] = [
  {
    title: "Vite 8, `vite build`",
    folder: "vite",
    env: { OUT: "out" },
    build: [["vite", "build"]],
    checks: [
      {
        name: "isolated page",
        where: "Chromium",
        run: ["index.html"],
        site: { folder: "out", isolated: true },
        expected: minified,
      },
      {
        name: "other page",
        where: "Chromium",
        run: ["index.html"],
        site: { folder: "out", isolated: false },
        expected: alone(false),
      },
      {
        name: "in a Web Worker of an isolated page",
        where: "Chromium",
        run: ["worker.html"],
        site: { folder: "out", isolated: true },
        expected: minified,
      },
      {
        name: "`vite preview`, other page",
        where: "Chromium",
        run: ["index.html"],
        site: { server: ["vite", "preview", "--port={port}", "--strictPort"], isolated: false },
        expected: alone(false),
      },
    ],
  },
  {
    title: "Vite 8, `keepNames`",
    folder: "vite",
    env: { OUT: "out", KEEP_NAMES: "yes" },
    build: [["vite", "build"]],
    checks: [
      {
        name: "`vite preview`, isolated page",
        where: "Chromium",
        run: ["index.html"],
        site: { server: ["vite", "preview", "--port={port}", "--strictPort"], isolated: true },
        expected: plain,
      },
    ],
  },
  {
    title: "Vite 8, development",
    folder: "vite",
    checks: [
      {
        name: "isolated page",
        where: "Chromium",
        run: ["index.html"],
        site: { server: ["vite", "--port={port}", "--strictPort"], isolated: true },
        expected: plain,
      },
      {
        name: "other page",
        where: "Chromium",
        run: ["index.html"],
        site: { server: ["vite", "--port={port}", "--strictPort"], isolated: false },
        expected: alone(true),
      },
    ],
  },
  {
    title: "Rollup 4, the worker as an entry",
    folder: "rollup",
    build: [["rollup", "--config", "--silent"]],
    checks: [
      { name: "", where: "Node 24", run: ["out/main.js"], expected: plain },
      {
        name: "isolated page",
        where: "Chromium",
        run: ["index.html"],
        site: { folder: "out", isolated: true },
        expected: plain,
      },
    ],
  },
  {
    title: "esbuild, `--minify`",
    folder: "program",
    // A stranger's file under a common name, which is not to be started.
    files: { "out/worker.js": 'console.log("a stranger was started");\n' },
    build: [
      esbuild("--minify", "--platform=node", "--format=esm", "main.js", "--outdir=out"),
      esbuild("--minify", "--format=esm", "page.js", "--outdir=out"),
    ],
    checks: [
      {
        name: "",
        where: "Node 24",
        run: ["out/main.js"],
        expected: alone(false, `there is no flambeau-cpu-worker.js ${remedy}`),
      },
      {
        name: "isolated page",
        where: "Chromium",
        run: ["index.html"],
        site: { folder: "out", isolated: true },
        expected: alone(false, `its worker failed: it was not found, or refused ${remedy}`),
      },
    ],
  },
  {
    title: "esbuild, `--minify --keep-names`, the worker as an entry",
    folder: "program",
    build: [
      esbuild(
        ...["--minify", "--keep-names", "--platform=node", "--format=esm", "--outdir=out"],
        ...[...withWorker, "page=./page.js"],
      ),
    ],
    checks: [
      { name: "", where: "Node 20", run: ["out/main.js"], expected: plain },
      { name: "", where: "Node 24", run: ["out/main.js"], expected: plain },
      {
        name: "isolated page",
        where: "Chromium",
        run: ["index.html"],
        site: { folder: "out", isolated: true },
        expected: plain,
      },
    ],
  },
  {
    title: "esbuild to CommonJS",
    folder: "program",
    files: { "out/worker.js": 'console.log("a stranger was started");\n' },
    build: [esbuild("--platform=node", "--format=cjs", "main.js", "--outfile=out/main.cjs")],
    checks: [
      {
        name: "",
        where: "Node 24",
        run: ["out/main.cjs"],
        expected: alone(true, `there is no flambeau-cpu-worker.cjs ${remedy}`),
      },
    ],
  },
  {
    title: "esbuild to CommonJS, `--minify`, the worker as an entry",
    folder: "program",
    build: [
      esbuild(
        ...["--minify", "--platform=node", "--format=cjs", "--outdir=out", "--out-extension:.js=.cjs"],
        ...withWorker,
      ),
    ],
    checks: [
      { name: "", where: "Node 20", run: ["out/main.cjs"], expected: minified },
      { name: "", where: "Node 24", run: ["out/main.cjs"], expected: minified },
    ],
  },
  {
    title: "webpack 5, `keep_classnames`",
    folder: "webpack",
    build: [["node", "webpack.cjs"]],
    checks: [
      {
        name: "isolated page",
        where: "Chromium",
        run: ["index.html"],
        site: { folder: "out", isolated: true },
        expected: plain,
      },
    ],
  },
  {
    title: "Next.js 16",
    folder: "next",
    env: { NEXT_TELEMETRY_DISABLED: "1" },
    build: [["next", "build"]],
    checks: [
      {
        name: "client component of an isolated page",
        where: "Chromium",
        run: ["client"],
        site: { server: ["next", "start", "--port={port}"], isolated: true },
        expected: minified,
      },
      {
        name: "server component",
        where: "Node 24",
        run: [""],
        site: { server: ["next", "start", "--port={port}"], isolated: true },
        rendersOnServer: true,
        expected: minified,
      },
    ],
  },
  {
    title: "`bun build --compile`",
    folder: "program",
    build: [["bun", "build", "--compile", "--minify", "main.js", "--outfile=out/program"]],
    checks: [
      {
        name: "",
        where: "Bun",
        run: ["./out/program"],
        expected: alone(false, `there is no flambeau-cpu-worker.js ${remedy}`),
      },
    ],
  },
  {
    title: "`bun build --compile`, the worker as an entry",
    folder: "program",
    build: [
      [
        ...["bun", "build", "--compile", "--minify-syntax", "--minify-whitespace"],
        ...["main.js", "flambeau-cpu-worker.js", "--outfile=out/program"],
      ],
    ],
    checks: [{ name: "", where: "Bun", run: ["./out/program"], expected: plain }],
  },
];

const runners: readonly Project[] = [
  {
    title: "minified by esbuild: every exported class",
    works: "keeps its name",
    folder: "program",
    build: [esbuild("--minify", "--platform=node", "--format=esm", "names.js", "--outdir=out")],
    checks: [
      {
        name: "",
        where: "Node 24",
        run: ["out/names.js"],
        expected: { status: 0, lines: ["every class has its name"] },
      },
    ],
  },
  {
    title: "Rollup, esbuild, Vite, webpack: a class that is not used",
    works: "is dropped",
    folder: "dropped",
    build: [
      ["rollup", "--config", "--silent"],
      esbuild("--minify", "--platform=node", "--format=esm", "one-layer.js", "--outdir=esbuild"),
      ["vite", "build", "--config=vite.config.js"],
      ["node", "webpack.cjs", "./webpack.config.cjs"],
    ],
    checks: [
      {
        name: "",
        where: "Node 24",
        run: ["dropped.js", "rollup", "esbuild", "vite", "webpack"],
        expected: {
          status: 0,
          lines: ["rollup", "esbuild", "vite", "webpack"].map((name) => `${name}: Linear`),
        },
      },
    ],
  },
  {
    title: "Vitest 5",
    works: "`expect` compares tensors",
    folder: "vitest",
    checks: [
      {
        name: "`toEqual`",
        where: "Node 24",
        run: ["../node_modules/vitest/vitest.mjs", "run", "tensors"],
        expected: { status: 0, lines: ["Tests  20 passed (20)"] },
      },
      {
        name: "what a failure shows",
        where: "Node 24",
        run: ["../node_modules/vitest/vitest.mjs", "run", "diff"],
        expected: { status: 1, lines: ["-     4,", "+     2,", '-   "loss": 0.25,', '+   "loss": 0.5,'] },
      },
    ],
  },
  {
    title: "Jest 30, modules (`--experimental-vm-modules`)",
    works: "`expect` compares tensors",
    folder: "jest",
    checks: [
      ...(["Node 20", "Node 24"] as const).map(
        (where): Check => ({
          name: "`toEqual`",
          where,
          run: ["--experimental-vm-modules", "../node_modules/jest/bin/jest.js", "tensors"],
          expected: { status: 0, lines: ["Tests:       20 passed, 20 total"] },
        }),
      ),
      {
        name: "what a failure shows",
        where: "Node 24",
        run: ["--experimental-vm-modules", "../node_modules/jest/bin/jest.js", "diff"],
        expected: { status: 1, lines: ["-     4,", "+     2,", '-   "loss": 0.25,', '+   "loss": 0.5,'] },
      },
    ],
  },
  {
    title: "Jest 30, CommonJS",
    works: "no: Jest's own `require` loads no modules",
    folder: "jest",
    checks: [
      {
        name: "",
        where: "Node 20",
        run: ["../node_modules/jest/bin/jest.js", "--testMatch=**/required.test.cjs"],
        expected: { status: 1, lines: ["Tests:       1 failed, 1 total"] },
      },
    ],
  },
  {
    title: "TypeScript before 6.0, CommonJS (`moduleResolution: node10`)",
    works: "reads the types",
    folder: "typescript",
    checks: ["5.4", "5.9"].map(
      (version): Check => ({
        name: version,
        where: "Node 24",
        run: [`../node_modules/typescript-${version}/bin/tsc`, "--project", "tsconfig.node10.json"],
        expected: { status: 0, lines: [] },
      }),
    ),
  },
  {
    title: "TypeScript 5.4 to 7.0, `skipLibCheck: false`",
    works: "reads the types",
    folder: "typescript",
    checks: ["5.4", "5.5", "5.6", "5.7", "5.8", "5.9", "6.0", "7.0"].map(
      (version): Check => ({
        name: version,
        where: "Node 24",
        run: [`../node_modules/typescript-${version}/bin/tsc`],
        expected: { status: 0, lines: [] },
      }),
    ),
  },
];

export const projects: readonly Project[] = [...unbundled, ...bundled, ...runners];
