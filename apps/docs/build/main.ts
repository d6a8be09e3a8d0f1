/**
 * `node apps/docs/build/main.ts dev | build | check`: the docs site.
 *
 * dev serves it with what changes in docs/ as it changes; build writes it to apps/docs/dist, for the path that DOCS_BASE
 * names ("/" if none); check only proves that every public name is documented.
 */
import { build, createServer } from "vitepress";
import { generateApi } from "./api.ts";
import { root } from "./paths.ts";
import { record } from "./record.ts";

const [task, ...rest] = process.argv.slice(2);
const site = `${root}/apps/docs`;
await generateApi();
if (task === "dev") {
  record();
  const at = rest.indexOf("--port");
  const server = await createServer(site, { port: at < 0 ? undefined : Number(rest[at + 1]) });
  await server.listen();
  server.printUrls();
} else if (task === "build") {
  record();
  await build(site);
} else if (task !== "check") throw new Error("usage: main.ts dev | build | check");
