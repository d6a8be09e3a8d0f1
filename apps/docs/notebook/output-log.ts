/** A cell's outputs, of which the newest are kept: a training that prints for hours shows where it is. */
import type { Output } from "./messages.ts";

/** More lines than this cannot be read, and slow the browser down. */
export const MOST_OUTPUTS = 1000;

/** What a figure is called that is shown without a description: such figures do not replace one another. */
export const NAMELESS = "Figure";

export class OutputLog {
  #outputs: Output[] = [];
  #dropped = 0;

  add(outputs: readonly Output[], dropped: number = 0): void {
    for (const output of outputs) this.#place(output);
    this.#dropped += dropped;
    // Some more than can be seen, so that not every line moves all others.
    if (this.#outputs.length > 2 * MOST_OUTPUTS) this.#trim();
  }

  /** A figure takes the place of an earlier one that shows the same: a picture of a training moves. */
  #place(output: Output): void {
    const isSame = (other: Output): boolean =>
      output.type === "figure" && other.type === "figure" && other.description === output.description;
    const at =
      output.type === "figure" && output.description !== NAMELESS ? this.#outputs.findIndex(isSame) : -1;
    if (at < 0) this.#outputs.push(output);
    else this.#outputs[at] = output;
  }

  /** The newest, in order. */
  get outputs(): readonly Output[] {
    this.#trim();
    return this.#outputs;
  }

  /** How many came before them. */
  get dropped(): number {
    this.#trim();
    return this.#dropped;
  }

  #trim(): void {
    const extra = this.#outputs.length - MOST_OUTPUTS;
    if (extra <= 0) return;
    this.#outputs = this.#outputs.slice(extra);
    this.#dropped += extra;
  }
}
