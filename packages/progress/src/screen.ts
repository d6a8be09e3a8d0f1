import type { Writer } from "./writer.ts";

/** Open lines, those that began last at the end: of loops within loops a terminal shows only the innermost. */
const open: WeakMap<Writer, readonly Screen[]> = /* @__PURE__ */ new WeakMap();

/** The line of one loop: written over and over on a terminal, and one after the other elsewhere. */
export class Screen {
  readonly isTerminal: boolean;
  readonly #writer: Writer;
  #length = 0;

  constructor(writer: Writer) {
    this.#writer = writer;
    this.isTerminal = writer.isTTY === true;
    const around = open.get(writer) ?? [];
    if (this.isTerminal) around.at(-1)?.clear();
    open.set(writer, [...around, this]);
  }

  /** One less than the terminal has: a full line would wrap on some. Null where there is no terminal. */
  get columns(): number | null {
    return this.isTerminal ? (this.#writer.columns ?? 80) - 1 : null;
  }

  draw(line: string): void {
    if (!this.isTerminal) this.#writer.write(`${line}\n`);
    else if (open.get(this.#writer)?.at(-1) === this) this.#over(line);
  }

  /** Text above the line. */
  above(text: string, line: string): void {
    if (this.isTerminal) this.#over("");
    this.#writer.write(this.isTerminal ? `\r${text}\n` : `${text}\n`);
    if (this.isTerminal) this.draw(line);
  }

  /** Ends with a last line, or without a trace. */
  end(line: string | null): void {
    const isShown = open.get(this.#writer)?.at(-1) === this;
    if (line !== null) this.draw(line);
    else this.clear();
    if (this.isTerminal && isShown) this.#writer.write(line === null ? "\r" : "\n");
    const others = (open.get(this.#writer) ?? []).filter((other) => other !== this);
    open.set(this.#writer, others);
  }

  /** Makes room for another line. */
  clear(): void {
    if (this.isTerminal && this.#length > 0) this.#over("");
  }

  /** Writes over the line, with blanks over what was longer. */
  #over(line: string): void {
    const { length } = [...line];
    this.#writer.write(`\r${line}${" ".repeat(Math.max(0, this.#length - length))}`);
    this.#length = length;
  }
}
