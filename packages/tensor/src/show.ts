/**
 * What consoles and notebooks show of an object: each calls a method under a symbol of its own.
 *
 * @module
 * @internal
 */

/** A thing in several forms by their MIME types, of which a notebook shows the richest it can. */
export type MimeBundle = Readonly<Record<string, string>>;

/** How the objects of a class are shown. */
export interface Shown<T> {
  /** What consoles show. Default `toString`. */
  readonly text?: (x: T) => string;
  /** What notebooks show. Default the text. */
  readonly bundle?: (x: T) => MimeBundle | Promise<MimeBundle>;
  /** What DevTools show of an object that is opened. Default its fields. */
  readonly parts?: (x: T) => object;
}

/** DevTools' formatters find the objects of every copy of the package by it. */
const SHOWN = Symbol.for("flambeau.shown");

interface Showable {
  [SHOWN](): { readonly text: string; readonly parts: object };
}

/**
 * Shows the objects of a class as `how` says in Node, Bun and Deno, in Deno's notebooks, and in DevTools with our formatter.
 *
 * @internal
 */
export function showAs<T extends object>(prototype: T, how: Shown<T> = {}): void {
  const { text = String, bundle = (x) => ({ "text/plain": text(x) }), parts = (x) => ({ ...x }) } = how;
  const define = (symbol: symbol, shown: (x: T) => unknown): void => {
    Object.defineProperty(prototype, symbol, {
      value(this: T): unknown {
        return shown(this);
      },
    });
  };
  for (const key of ["nodejs.util.inspect.custom", "Deno.customInspect"]) define(Symbol.for(key), text);
  define(Symbol.for("Jupyter.display"), bundle);
  define(SHOWN, (x) => ({ text: text(x), parts: parts(x) }));
}

/** The text and the parts of an object that is shown in a way of its own; null of anything else. */
export function shownOf(x: unknown): { readonly text: string; readonly parts: object } | null {
  if ((typeof x !== "object" && typeof x !== "function") || x === null || !(SHOWN in x)) return null;
  try {
    return (x as Showable)[SHOWN]();
  } catch {
    // A class's prototype, or an object without a text: the console's own way shows more than an error.
    return null;
  }
}
