/** Says on the spot that what a page installs is not on npm yet, as long as it is not. */
import type { MarkdownRenderer } from "vitepress";
import { publishedVersion } from "../../../tools/release/published.ts";

/** Lines that fetch the packages from a registry. */
const INSTALLS = /\b(?:npm install|bun add|deno add)\b.*\bflambeau\b|\/npm\/flambeau@/;

const NOTICE =
  '<div class="warning custom-block not-published"><p>The packages are not on npm or JSR yet: these lines work from the first ' +
  "release on. Until then, clone the repository and run <code>npm ci</code>; what runs there is what will be published.</p></div>\n";

export function sayUnpublished(md: MarkdownRenderer): void {
  const fence = md.renderer.rules.fence;
  if (fence === undefined) throw new Error("markdown-it has no fence rule");
  if (publishedVersion !== null) return;
  md.renderer.rules.fence = (tokens, at, options, env, self) => {
    const block = fence(tokens, at, options, env, self);
    const isFirst =
      tokens.findIndex(({ type, content }) => type === "fence" && INSTALLS.test(content)) === at;
    return isFirst ? NOTICE + block : block;
  };
}
