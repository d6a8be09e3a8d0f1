/**
 * Completion, descriptions and errors in a cell's editor, from TypeScript. A chunk of its own, loaded when a cell is first
 * edited: a page that is only read or run has nothing of it.
 */
import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from "@codemirror/autocomplete";
import { type Diagnostic, linter } from "@codemirror/lint";
import type { Extension } from "@codemirror/state";
import { type EditorView, hoverTooltip, type Tooltip } from "@codemirror/view";
import { request } from "../../language/client.ts";
import { descriptionView } from "./description-view.ts";

export { startCompletion } from "@codemirror/autocomplete";

/** `cell` is this editor's, `cells` the text of all; `onReady` is called with the first answer. */
export function languageSupport(
  cell: number,
  cells: () => readonly string[],
  onReady: () => void,
): Extension {
  return [
    autocompletion({ override: [(context) => complete(context)], icons: false, maxRenderedOptions: 60 }),
    hoverTooltip(hover, { hoverTime: 400 }),
    linter(check, { delay: 500 }),
  ];

  async function complete(context: CompletionContext): Promise<CompletionResult | null> {
    const at = context.pos;
    if (!context.explicit && context.matchBefore(/\.|[\w$]+/) === null) return null;
    const found = await request(cells(), { kind: "complete", cell, at });
    if (found === undefined || context.aborted) return null;
    const options = found.entries.map(
      ({ name, sort }): Completion => ({
        label: name,
        boost: -Number.parseInt(sort, 10) || 0,
        info: async () => {
          const described = await request(cells(), { kind: "describe", cell, at, name });
          return described === undefined ? null : descriptionView(described);
        },
      }),
    );
    return { from: found.from, options, validFor: /^[\w$]*$/ };
  }

  async function hover(_view: EditorView, at: number): Promise<Tooltip | null> {
    const found = await request(cells(), { kind: "hover", cell, at });
    if (found === undefined) return null;
    return { pos: found.from, end: found.to, above: true, create: () => ({ dom: descriptionView(found) }) };
  }

  async function check(view: EditorView): Promise<readonly Diagnostic[]> {
    const { doc } = view.state;
    const problems = (await request(cells(), { kind: "check", cell })) ?? [];
    onReady();
    // What was typed meanwhile is checked next.
    return view.state.doc === doc ? problems.map((problem) => ({ ...problem, source: "TypeScript" })) : [];
  }
}
