import { shownOf } from "./show.ts";

/** An element as DevTools take it: its tag, its attributes, its contents. */
type JsonML = readonly [tag: string, attributes: Readonly<Record<string, unknown>>, ...contents: unknown[]];

const TEXT = { style: "white-space: pre; font-family: monospace" };
const LIST = { style: "list-style: none; margin: 0; padding-left: 12px" };
const NAME = { style: "opacity: 0.7" };

/** What DevTools call for each object that they show; where `header` gives null they go on as without it. */
const formatter = {
  header(x: unknown): JsonML | null {
    const shown = shownOf(x);
    return shown && ["span", TEXT, shown.text];
  },
  hasBody(x: unknown): boolean {
    return Object.keys(shownOf(x)?.parts ?? {}).length > 0;
  },
  body(x: unknown): JsonML {
    return ["ol", LIST, ...Object.entries(shownOf(x)?.parts ?? {}).map(([name, part]) => row(name, part))];
  },
};

function row(name: string, part: unknown): JsonML {
  return ["li", {}, ["span", NAME, `${name}: `], content(part)];
}

/** An object is shown by its own formatter, or as DevTools show any other. */
function content(part: unknown): string | JsonML {
  if (typeof part === "function" || (typeof part === "object" && part !== null))
    return ["object", { object: part }];
  return typeof part === "string" ? JSON.stringify(part) : String(part);
}

interface Surroundings {
  devtoolsFormatters?: unknown[];
}

/**
 * Has a browser's console show tensors, modules, optimizers and summaries by their text, as Node's does; opened, a tensor shows
 * its shape, dtype, device and gradient, a module its parameters and children. The formatter is added to
 * `globalThis.devtoolsFormatters`, which Chrome, Edge and Firefox read if "custom formatters" are enabled in the settings of
 * their DevTools. A second call adds nothing. A worker has a global object of its own, and calls it for itself.
 *
 * @returns a function that takes the formatter away.
 *
 * @example
 * ```ts
 * import { installDevtoolsFormatters, tensor } from "@flambeau/tensor";
 *
 * const remove = installDevtoolsFormatters();
 * console.log(tensor([1, 2]));
 * // tensor([1., 2.])
 * remove();
 * ```
 */
export function installDevtoolsFormatters(): () => void {
  const here = globalThis as Surroundings;
  here.devtoolsFormatters ??= [];
  const list = here.devtoolsFormatters;
  if (!list.includes(formatter)) list.push(formatter);
  return () => {
    const at = list.indexOf(formatter);
    if (at >= 0) list.splice(at, 1);
  };
}
