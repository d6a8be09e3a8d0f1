/** The look of the API pages where it differs from the plug-in's. */
import { MarkdownTheme, type MarkdownThemeContext } from "typedoc-plugin-markdown";
import type { Calls } from "./callables.ts";

/** A theme that heads a signature with its calls, and leaves a default empty where there is none. */
export function themeOf(calls: () => Calls): typeof MarkdownTheme {
  return class extends MarkdownTheme {
    override getRenderContext(page: Parameters<MarkdownTheme["getRenderContext"]>[0]): MarkdownThemeContext {
      const context = super.getRenderContext(page);
      const { partials } = context;
      const { parametersTable, signatureReturns, signatureTitle } = partials;
      partials.signatureTitle = (model, options) => {
        const written = calls().get(model);
        return written === undefined ? signatureTitle(model, options) : `\`\`\`ts\n${written}\n\`\`\``;
      };
      partials.parametersTable = (model) =>
        onOneLine(parametersTable(model)).replaceAll("| `undefined` |", "| |");
      partials.signatureReturns = (model, options) => onOneLine(signatureReturns(model, options));
      return context;
    }
  };
}

/** Alternatives of a type, which are a line each where they are many. */
function onOneLine(text: string): string {
  return text.replaceAll(/(\n\n|\| ) *\\\| /g, "$1").replaceAll(/\n {2}\\\| /g, " \\| ");
}
