import { cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import katex from "@vscode/markdown-it-katex";
import { type DefaultTheme, defineConfig } from "vitepress";
import { sourceCondition } from "../../../tools/runtimes.ts";
import { api, docs, figuresPath, root, site } from "../build/paths.ts";
import { programs } from "../build/programs.ts";
import { writeSources } from "../build/sources.ts";
import { renderCells } from "./cells.ts";
import { scrollWideDrawings } from "./drawings.ts";
import { isolate } from "./isolate.ts";
import { languageWorker } from "./language-worker.ts";
import { sayUnpublished } from "./notice.ts";
import { pagesIn } from "./pages.ts";
import { searchOptions } from "./search.ts";

type Plugin = (md: unknown) => void;

const base = process.env.DOCS_BASE ?? "/";

/** From the first steps on; a guide that is not named here comes last. */
const guides = [
  "install",
  "from-pytorch",
  "tensors",
  "consoles",
  "autograd",
  "training",
  "saving",
  "distributions",
  "metrics",
  "devices",
  "reproducibility",
  "writing-a-layer",
  "adding-an-op",
  "performance",
  "beyond-one-machine",
];

const live = pagesIn("live");

export default defineConfig({
  title: "Flambeau",
  description: "PyTorch's way of working, in TypeScript",
  lang: "en",
  base,
  srcDir: docs,
  outDir: site,
  cacheDir: process.env.DOCS_CACHE ?? join(root, ".cache", "vitepress"),
  rewrites: { "decisions/README.md": "decisions/index.md" },
  ignoreDeadLinks: [/(^|\/)source\//],
  lastUpdated: false,
  metaChunk: true,
  head: [["link", { rel: "icon", href: `${base}flame.svg`, type: "image/svg+xml" }]],
  markdown: {
    // Both pass the contrast that WCAG AA asks for on our code blocks.
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    config(md) {
      // Its types are made for another copy of markdown-it's.
      ((katex as { default?: Plugin }).default ?? (katex as unknown as Plugin))(md);
      for (const rule of ["math_inline", "math_block", "math_inline_block", "math_inline_bare_block"]) {
        const render = md.renderer.rules[rule];
        // Vue leaves what v-pre marks alone: braces of TeX are not its own.
        if (render)
          md.renderer.rules[rule] = (...all) => render(...all).replace(/^(\s*)<(p|span)/, "$1<$2 v-pre");
      }
      renderCells(md);
      sayUnpublished(md);
      scrollWideDrawings(md);
    },
  },
  themeConfig: {
    logo: "/flame.svg",
    search: { provider: "local", options: searchOptions() },
    outline: { level: [2, 3] },
    nav: [
      { text: "The chapter", link: pagesIn("chapter")[0].link },
      { text: "Guides", link: pagesIn("guides", guides)[0].link },
      {
        text: "Live",
        items: [...live, { text: "Programs beside PyTorch", link: "/programs/" }],
      },
      { text: "API", link: "/api/" },
      { text: "Benchmark", link: "/benchmark" },
    ],
    sidebar: {
      "/chapter/": chapterAndGuides(),
      "/guides/": chapterAndGuides(),
      "/live/": programSidebar(),
      "/programs/": programSidebar(),
      "/about-the-chapter": chapterAndGuides(),
      "/ops": chapterAndGuides(),
      "/benchmark": chapterAndGuides(),
      "/decisions/": [{ text: "Decisions", items: pagesIn("decisions", ["README"]) }],
      ...apiSidebars(),
    },
  },
  vite: {
    plugins: [isolate(), languageWorker(base)],
    publicDir: join(root, "apps", "docs", "public"),
    resolve: { conditions: [sourceCondition] },
    worker: { format: "es" },
    // Classes keep their names, which cells print: neither shortened, nor made anew for an older engine.
    esbuild: { minifyIdentifiers: false, target: "es2022" },
    build: { chunkSizeWarningLimit: 3000, target: "es2022" },
    server: { fs: { allow: [root] } },
    // All that pages load, named here: what the dev server found only when a page is open, it would load the page anew
    // for, and a reader's run with it.
    optimizeDeps: {
      include: [
        "@codemirror/autocomplete",
        "@codemirror/commands",
        "@codemirror/lang-javascript",
        "@codemirror/language",
        "@codemirror/lint",
        "@codemirror/state",
        "@codemirror/view",
        "@lezer/highlight",
        "@observablehq/plot",
        "d3-contour",
        "fflate",
        "sucrase",
      ],
    },
  },
  buildEnd({ outDir }) {
    writeSources(outDir);
    cpSync(figuresPath, join(outDir, "figures"), { recursive: true });
  },
});

function chapterAndGuides(): DefaultTheme.SidebarItem[] {
  return [
    {
      text: "The chapter",
      items: [...pagesIn("chapter"), { text: "About the chapter", link: "/about-the-chapter" }],
    },
    { text: "Guides", items: pagesIn("guides", guides) },
    {
      text: "Design",
      items: [
        { text: "Ops beside PyTorch's", link: "/ops" },
        { text: "Benchmark", link: "/benchmark" },
        { text: "Benchmark on WebGPU", link: "/benchmark-webgpu" },
        { text: "Decisions", link: "/decisions/" },
      ],
    },
  ];
}

function programSidebar(): DefaultTheme.SidebarItem[] {
  const twins = programs().map(({ name, title }) => ({ text: title, link: `/programs/${name}` }));
  return [
    { text: "Live", items: live },
    { text: "Beside PyTorch", items: [{ text: "All programs", link: "/programs/" }, ...twins] },
  ];
}

/** As TypeDoc's theme wrote it, but each package's pages show that package alone: all of them would make every page large. */
function apiSidebars(): DefaultTheme.SidebarMulti {
  const file = join(api, "typedoc-sidebar.json");
  if (!existsSync(file)) return {};
  // Its links name the Markdown files.
  const text = readFileSync(file, "utf8").replaceAll(/\.md"/g, '"');
  const packages = JSON.parse(text) as (DefaultTheme.SidebarItem & { link: string })[];
  const others = { text: "All packages", link: "/api/" };
  const sidebars = packages.map(
    (item) => [item.link, [others, { ...linked(item, item.link), collapsed: false }]] as const,
  );
  const isWhole = ({ text }: DefaultTheme.SidebarItem): number => Number(text === "flambeau");
  const overview = packages.map(({ text, link }) => ({ text, link })).sort((a, b) => isWhole(b) - isWhole(a));
  return { ...Object.fromEntries(sidebars), "/api/": [{ text: "Packages", items: overview }] };
}

/** A group that folds is a link as well, to its list on the page of its package: only so its button stands by itself. */
function linked(item: DefaultTheme.SidebarItem, page: string): DefaultTheme.SidebarItem {
  const at = item.link ?? `${page.replace(/\/index$/, "/")}#${item.text?.toLowerCase().replaceAll(" ", "-")}`;
  return item.items === undefined
    ? item
    : { ...item, link: at, items: item.items.map((inner) => linked(inner, item.link ?? page)) };
}
