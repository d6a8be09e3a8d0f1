/** Says on the spot that what a page installs is not on npm yet, as long as it is not. */
import type { MarkdownRenderer } from "vitepress";
import { publishedVersion } from "../../../tools/release/published.ts";

/** What fetches the packages from a registry. */
const INSTALLS = /\b(?:npm install|bun add|deno add)\b.*\bflambeau\b|\/npm\/flambeau@/;

const NOTICE =
  '<div class="warning custom-block not-published"><p>The packages are not on npm or JSR yet: this works from the first release ' +
  "on. Until then, clone the repository and run <code>npm ci</code>; what runs there is what will be published.</p></div>\n";

/** Puts the notice before the first block of a page that installs something. */
export function sayUnpublished(md: MarkdownRenderer): void {
  if (publishedVersion !== null) return;
  md.core.ruler.push("unpublished", ({ tokens, Token }) => {
    let at = tokens.findIndex(({ type, content }) => /^(fence|inline)$/.test(type) && INSTALLS.test(content));
    if (at < 0) return;
    // Before the whole list or table that it is in.
    while (tokens[at].level > 0) at--;
    const notice = new Token("html_block", "", 0);
    notice.content = NOTICE;
    tokens.splice(at, 0, notice);
  });
}
