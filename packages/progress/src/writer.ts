/** Where lines go: a terminal, a file, or a browser's console. */

/** What takes text: a stream of Node's, or an object of one's own. */
export interface Writer {
  /** Writes text, line breaks and all. */
  write(text: string): unknown;
  /** Whether the text goes to a terminal, where a line can be written over. */
  readonly isTTY?: boolean;
  /** How many characters a line of the terminal has. */
  readonly columns?: number;
}

interface Surroundings {
  readonly process?: { readonly stderr?: Writer };
  readonly console?: { log(text: string): void };
}

/** The standard error stream; where there is none, as in browsers, the console. */
export function standardWriter(): Writer {
  const { process, console } = globalThis as Surroundings;
  return process?.stderr ?? { write: (text) => console?.log(text.replace(/\n$/, "")) };
}
