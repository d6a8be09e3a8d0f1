/** Exported projects, and the programs of PyTorch that run in them. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { exportPyTorch } from "@flambeau/export-pytorch";
import type { Case } from "../../packages/export-pytorch/test/cases.ts";
import { root } from "../runtimes.ts";

/** Debian's PyTorch 1.13 on Python 3.11 starts no processes unless their output is kept: its enum has no 0 there. */
const KEPT = ["--redirects", "1", "--tee", "1"];

/** A folder with a project. */
export class Project {
  readonly folder: string;
  readonly #python: string;

  private constructor(folder: string, python: string) {
    this.folder = folder;
    this.#python = python;
  }

  static async of(
    name: string,
    { model, training }: Case,
    python: string,
    options: object = {},
  ): Promise<Project> {
    const folder = join(root, ".cache", "python", "projects", name.replace(/\W+/g, "-"));
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, ".."), { recursive: true });
    await exportPyTorch(model, { target: folder, ...training, ...options });
    return new Project(folder, python);
  }

  /** @throws Error when it ends with another code than 0, with what it printed. */
  run(...args: string[]): string {
    return command(this.#python, args, this.folder);
  }

  torchrun(processes: number, ...args: string[]): string {
    const logs = ["--log_dir", join(this.folder, "logs"), ...KEPT];
    return this.run("-m", "torch.distributed.run", "--nproc_per_node", String(processes), ...logs, ...args);
  }

  /** Takes what runs have written away. */
  clear(): void {
    for (const name of ["checkpoint.pt", "losses.jsonl"]) rmSync(this.path(name), { force: true });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** The losses that the last run logged, in order. */
  get losses(): number[] {
    return this.#lines.flatMap(({ loss }) => (loss === undefined ? [] : [loss]));
  }

  /** The mean loss of the rows kept for it, as last logged. */
  get evaluation(): number | undefined {
    return this.#lines.findLast(({ evaluation }) => evaluation !== undefined)?.evaluation;
  }

  get #lines(): { readonly step: number; readonly loss?: number; readonly evaluation?: number }[] {
    if (!existsSync(this.path("losses.jsonl"))) return [];
    const text = readFileSync(this.path("losses.jsonl"), "utf8");
    return text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  }
}

/** What a program prints. @throws Error when it fails. */
export function command(program: string, args: readonly string[], cwd: string): string {
  const env = { ...process.env, OMP_NUM_THREADS: "1", PYTHONDONTWRITEBYTECODE: "1" };
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, env, encoding: "utf8" });
  if (error !== undefined) throw error;
  if (status !== 0)
    throw new Error(
      `${program} ${args.join(" ")} ended with ${status}:\n${stdout.slice(-3000)}\n${stderr.slice(-3000)}`,
    );
  return stdout;
}

/** Whether a program is there. */
export function has(program: string): boolean {
  return spawnSync(program, ["--version"]).status === 0;
}

/** The largest relative difference of numbers. */
export function difference(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length || a.length === 0) return Infinity;
  return Math.max(...a.map((x, i) => Math.abs(x - b[i]) / Math.max(Math.abs(x), 1e-12)));
}
