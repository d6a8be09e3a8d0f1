/** The scope that cells share: the worker's own global object, so that a name costs what a global costs. */
import type { Compiled, Import } from "./compile.ts";
import { nearest } from "./hints.ts";
import { check, isDue, turn, wait } from "./interrupt.ts";
import { findModule } from "./modules.ts";
import { showResult } from "./printing.ts";

type Accessors = Readonly<Record<string, readonly [() => unknown, (value: unknown) => void]>>;

interface CellHandle {
  declare(names: Accessors): void;
  import(module: string): Promise<unknown>;
  result(value: unknown): void;
  readonly isDue: typeof isDue;
  readonly check: typeof check;
  readonly turn: typeof turn;
  readonly wait: typeof wait;
}

type CellFunction = (cell: CellHandle) => Promise<void>;

// The one place that evaluates text: what the reader wrote, in the reader's browser.
const AsyncFunction = (async () => {}).constructor as new (parameter: string, body: string) => CellFunction;

const handle: CellHandle = {
  declare(names) {
    for (const [name, [get, set]] of Object.entries(names)) {
      Object.defineProperty(globalThis, name, { get, set, configurable: true, enumerable: true });
    }
  },
  async import(module) {
    return findModule(module);
  },
  result: showResult,
  isDue,
  check,
  turn,
  wait,
};

/** An import that cannot be; it knows its line. */
export class ImportError extends Error {
  override name: string = "ImportError";
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

function checkImport({ module, names, line }: Import): void {
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = findModule(module);
  } catch (error) {
    throw new ImportError((error as Error).message, line);
  }
  const missing = names.filter((name) => !(name in exported));
  if (missing.length === 0) return;
  const close = nearest(missing[0], Object.keys(exported));
  const hint = close === undefined ? "" : `: did you mean ${close}?`;
  throw new ImportError(`"${module}" has no export named ${missing.join(", ")}${hint}`, line);
}

/** Runs a cell to its end. */
export async function runCell(index: number, { code, imports }: Compiled): Promise<void> {
  for (const wanted of imports) checkImport(wanted);
  const run = new AsyncFunction("$cell", `${code}//# sourceURL=${fileOf(index)}\n`);
  await run(handle);
}

function fileOf(index: number | string): string {
  return `cell-${index}.js`;
}

/** The lines that an engine puts before a cell's own; engines differ, so one is asked. */
let linesBefore: number | undefined;

async function countLinesBefore(): Promise<number> {
  try {
    await new AsyncFunction("$cell", `\nthrow new Error();\n//# sourceURL=${fileOf("0x")}\n`)(handle);
  } catch (error) {
    const line = /cell-0x\.js:(\d+)/.exec((error as Error).stack ?? "")?.[1];
    // The line that throws stands where a cell's first line does.
    return line === undefined ? 3 : Number(line) - 1;
  }
  return 3;
}

/** Where an error was thrown or passed through: the innermost place in a cell. */
export async function placeOf(error: unknown): Promise<{ cell: number; line: number } | undefined> {
  linesBefore ??= await countLinesBefore();
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const [, cell, line] = /cell-(\d+)\.js:(\d+)/.exec(stack) ?? [];
  return cell === undefined ? undefined : { cell: Number(cell), line: Number(line) - linesBefore };
}
