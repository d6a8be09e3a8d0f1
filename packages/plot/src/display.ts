import type { Figure } from "./figure.ts";
import { here, type Jupyter } from "./runtime.ts";

/** Takes a figure each time that it is drawn anew; what it returns is waited for. */
export type ShowFigure = (figure: Figure) => unknown;

/**
 * A page that runs programs in cells has a function under this symbol: `(figure, description)` draws a figure below the cell, in place
 * of one with the same description.
 */
const CELL = Symbol.for("flambeau.show");

/** How often each description was given. */
const given: Map<string, number> = /* @__PURE__ */ new Map();

/** What shows a figure that changes, in its place: a page's cell, or Deno's kernel for Jupyter. Elsewhere there is none. */
export function displayOf(description: string): ShowFigure | null {
  const show = (globalThis as { [CELL]?: (figure: Figure, description: string) => void })[CELL];
  if (show !== undefined) {
    const name = distinct(description);
    return (figure) => show(figure, name);
  }
  const jupyter = kernel();
  if (jupyter === undefined) return null;
  const id = here.crypto.randomUUID();
  let isShown = false;
  return (figure) => {
    const options = { display_id: id, update: isShown };
    isShown = true;
    return jupyter.display(figure, options);
  };
}

/** Two figures of one description would be one. */
function distinct(description: string): string {
  const count = (given.get(description) ?? 0) + 1;
  given.set(description, count);
  return count === 1 ? description : `${description} (${count})`;
}

function kernel(): Jupyter | undefined {
  try {
    return here.Deno?.jupyter;
  } catch {
    // Outside of its kernel Deno refuses to have it read.
    return undefined;
  }
}
