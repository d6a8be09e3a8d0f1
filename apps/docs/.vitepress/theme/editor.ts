/** A cell's editor: CodeMirror, in the page's colours. */
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { Compartment, EditorState, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";

export interface EditorOptions {
  readonly label: string;
  readonly text: string;
  /** Which of the page's cells this is. */
  readonly cell: number;
  /** The text of all of them. */
  cells(): readonly string[];
  onChange(text: string): void;
  onRun(): void;
}

export interface CellEditor {
  setText(text: string): void;
  /** Marks the line, from 1, of an error; undefined takes the mark away. */
  markLine(line: number | undefined): void;
  close(): void;
}

const colours = HighlightStyle.define([
  {
    tag: [tags.keyword, tags.modifier, tags.operatorKeyword, tags.controlKeyword],
    color: "var(--code-keyword)",
  },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: [tags.comment], color: "var(--code-comment)", fontStyle: "italic" },
  { tag: [tags.typeName, tags.className, tags.definition(tags.typeName)], color: "var(--code-type)" },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: "var(--code-call)" },
]);

const mark = StateEffect.define<number | undefined>();
const markedLine = Decoration.line({ class: "cm-failed-line" });
const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(set, transaction) {
    let next = transaction.docChanged ? Decoration.none : set;
    for (const effect of transaction.effects) {
      if (!effect.is(mark)) continue;
      const line = effect.value;
      const exists = line !== undefined && line >= 1 && line <= transaction.state.doc.lines;
      next = exists
        ? Decoration.set([markedLine.range(transaction.state.doc.line(line).from)])
        : Decoration.none;
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

export function openEditor(parent: HTMLElement, options: EditorOptions): CellEditor {
  const { label, text, onChange, onRun } = options;
  const run = (): boolean => {
    onRun();
    return true;
  };
  const language = new Compartment();
  let isAssisted = false;
  /** TypeScript comes with the first edit, or when it is called for. */
  const assist = async (isCalled: boolean): Promise<void> => {
    if (isAssisted) return;
    isAssisted = true;
    parent.dataset.typescript = "loading";
    const onReady = (): void => {
      delete parent.dataset.typescript;
    };
    const { languageSupport, startCompletion } = await import("./language.ts");
    view.dispatch({ effects: language.reconfigure(languageSupport(options.cell, options.cells, onReady)) });
    if (isCalled) startCompletion(view);
  };
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        keymap.of([
          { key: "Shift-Enter", run },
          { key: "Mod-Enter", run },
          {
            key: "Ctrl-Space",
            run: () => {
              if (isAssisted) return false;
              void assist(true);
              return true;
            },
          },
        ]),
        language.of([]),
        lineNumbers(),
        history(),
        drawSelection(),
        EditorView.lineWrapping,
        indentOnInput(),
        bracketMatching(),
        javascript({ typescript: true }),
        syntaxHighlighting(colours),
        marks,
        // Tab indents; Escape, then Tab, moves on (CodeMirror's own way out).
        keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
        EditorView.contentAttributes.of({ "aria-label": label }),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          onChange(update.state.doc.toString());
          void assist(false);
        }),
      ],
    }),
  });
  return {
    setText(next) {
      const { length } = view.state.doc;
      if (next !== view.state.doc.toString())
        view.dispatch({ changes: { from: 0, to: length, insert: next } });
    },
    markLine: (line) => view.dispatch({ effects: mark.of(line) }),
    close: () => view.destroy(),
  };
}
