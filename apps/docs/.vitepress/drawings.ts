/** Wide drawings among the text scroll on a narrow screen, by keyboard, too, instead of shrinking until they cannot be read. */
import type { MarkdownRenderer } from "vitepress";

const WIDE = /benchmark-[\w-]*\.svg$/;

export function scrollWideDrawings(md: MarkdownRenderer): void {
  const image = md.renderer.rules.image;
  if (image === undefined) throw new Error("markdown-it has no image rule");
  md.renderer.rules.image = (tokens, at, options, env, self) => {
    const token = tokens[at];
    const html = image(tokens, at, options, env, self);
    if (!WIDE.test(token.attrGet("src") ?? "")) return html;
    return `<span class="wide-drawing" tabindex="0" role="group" aria-label="${md.utils.escapeHtml(token.content)}">${html}</span>`;
  };
}
