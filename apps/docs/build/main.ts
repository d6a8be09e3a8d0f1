/**
 * `node apps/docs/build/main.ts dev | build | preview | check`: the docs site.
 *
 * dev serves it with what changes in docs/ as it changes; build writes it to apps/docs/dist, for the path that DOCS_BASE
 * names ("/" if none), and preview serves what was built; check only proves that every public name is documented and
 * has an example where it needs one.
 */
import { build, createServer, serve } from "vitepress";
import { generateApi } from "./api/generate.ts";
import { root } from "./paths.ts";
import { record } from "./record.ts";

const [task, ...rest] = process.argv.slice(2);
const site = `${root}/apps/docs`;
const at = rest.indexOf("--port");
const port = at < 0 ? undefined : Number(rest[at + 1]);
if (task !== "preview") await generateApi();
if (task === "dev") {
  record();
  const server = await createServer(site, { port });
  await server.listen();
  server.printUrls();
} else if (task === "build") {
  record();
  await build(site);
} else if (task === "preview") {
  await serve({ root: site, base: process.env.DOCS_BASE, port });
} else if (task !== "check") throw new Error("usage: main.ts dev | build | preview | check");
