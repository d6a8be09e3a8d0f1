/**
 * What a section writes its results to, and what it is told: the device and the seed.
 *
 * @module
 */
import type { plot, Tensor } from "flambeau";

/** Where the sections' texts and figures go. */
export interface Output {
  line(text: string): void;
  figure(name: string, figure: plot.Figure): Promise<void>;
}

/** The pages that the sections write on. */
export class Notebook {
  /** The device that models and data are moved to. */
  readonly device: string;
  /** What each training starts from. The chapter gives no seed; this one makes every run print the same numbers. */
  readonly seed: number;
  readonly #output: Output;

  constructor(output: Output, device = "cpu", seed = 1) {
    this.#output = output;
    this.device = device;
    this.seed = seed;
  }

  heading(text: string): void {
    this.print(`\n## ${text}\n`);
  }

  /** Prints one text, which may have several lines. */
  print(text: unknown): void {
    for (const line of String(text).split("\n")) this.#output.line(line);
  }

  /** Prints an expression and its value, as a notebook does. */
  async show(
    expression: string,
    value: Tensor | string | number | boolean | readonly number[],
  ): Promise<void> {
    this.print(`> ${expression}`);
    this.print(await textOf(value));
  }

  /** Keeps a figure under a name, and says where in the text it belongs. */
  async figure(name: string, figure: plot.Figure): Promise<void> {
    await this.#output.figure(name, figure);
    this.print(`[figure ${name}]`);
  }
}

async function textOf(value: Tensor | string | number | boolean | readonly number[]): Promise<string> {
  // What console.log makes of an array differs between runtimes; this does not.
  if (Array.isArray(value)) return shapeText(value);
  return typeof value === "object" ? (value as Tensor).toStringAsync() : String(value);
}

/** A shape as text: `[50, 1]`. */
export function shapeText(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}

/** A state dict as text, a line for each tensor. */
export async function stateText(state: Readonly<Record<string, Tensor>>): Promise<string> {
  const lines: string[] = [];
  for (const [name, tensor] of Object.entries(state)) {
    const label = `  ${JSON.stringify(name)}: `;
    const text = await tensor.toStringAsync();
    lines.push(`${label}${text.replaceAll("\n", `\n${" ".repeat(label.length)}`)},`);
  }
  return ["{", ...lines, "}"].join("\n");
}

/** Rows of numbers under their columns' names, rounded to two digits: what the chapter has pandas print. */
export function tableText(
  columns: readonly string[],
  rows: Readonly<Record<string, readonly number[]>>,
): string {
  const cells = [
    ["", ...columns],
    ...Object.entries(rows).map(([name, values]) => [name, ...values.map((value) => value.toFixed(2))]),
  ];
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  return cells
    .map(([name, ...rest]) =>
      [name.padEnd(widths[0]), ...rest.map((cell, i) => cell.padStart(widths[i + 1]))].join("  "),
    )
    .join("\n");
}
