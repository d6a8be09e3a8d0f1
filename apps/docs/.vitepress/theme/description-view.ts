/** A declaration with its docstring, as hovers and completions show it. The docstring is Markdown, of which this much is used. */
import type { Description } from "../../language/messages.ts";

export function descriptionView({ signature, documentation }: Description): HTMLElement {
  return element("div", "cm-description", [
    element("pre", "cm-signature", [signature]),
    ...documentation
      .split(/```\w*\n([\s\S]*?)```/)
      .flatMap((part, i) => (i % 2 === 1 ? [element("pre", "", [part.trimEnd()])] : paragraphs(part))),
  ]);
}

function paragraphs(text: string): HTMLElement[] {
  return text
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== "")
    .map((paragraph) => element("p", "", spans(paragraph)));
}

/** `code`, **bold** and {@link links}, which are shown as code. */
function spans(text: string): (Node | string)[] {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*|\{@link [^}]+\})/).map((part) => {
    if (part.startsWith("`")) return element("code", "", [part.slice(1, -1)]);
    if (part.startsWith("**")) return element("strong", "", [part.slice(2, -2)]);
    return part.startsWith("{@link ") ? element("code", "", [part.slice(7, -1).trim()]) : part;
  });
}

function element(name: string, className: string, children: readonly (Node | string)[]): HTMLElement {
  const made = document.createElement(name);
  if (className !== "") made.className = className;
  made.append(...children);
  return made;
}
