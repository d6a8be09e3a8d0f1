/**
 * The processes that the libraries live in, each asked over its stdin and answering over its stdout.
 *
 * @module
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Device, LibraryId } from "../libraries.ts";
import type { Answer, Greeting, Request } from "../messages.ts";

/** A library cannot do a work, or has answered wrongly; the others go on. */
export class Unable extends Error {}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** How long an answer may take, in milliseconds. */
const PATIENCE = 120_000;

export class Peer {
  readonly id: LibraryId;
  readonly greeting: Greeting;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  #errors = "";

  private constructor(id: LibraryId, child: ChildProcess, lines: AsyncIterator<string>, greeting: Greeting) {
    this.id = id;
    this.#child = child;
    this.#lines = lines;
    this.greeting = greeting;
  }

  /** Starts a library; throws {@link Unable} where it does not run here. */
  static async start(id: LibraryId, threads: number, device: Device): Promise<Peer> {
    const [command, ...rest] = commandFor(id, threads, device);
    const child = spawn(command, rest, { stdio: ["pipe", "pipe", "pipe"], env: environment(threads) });
    let errors = "";
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      errors = (errors + text).slice(-4000);
    });
    child.stdin!.on("error", () => {});
    const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    const greeting = await answerFrom(lines, child, () => errors);
    const peer = new Peer(id, child, lines, greeting as Greeting);
    child.stderr!.on("data", () => {
      peer.#errors = errors;
    });
    return peer;
  }

  /** Asks, and waits for the answer; throws {@link Unable} with the reason where the library fails. */
  async ask<T extends Answer>(request: Request): Promise<T> {
    this.#child.stdin!.write(`${JSON.stringify(request)}\n`);
    const answer = await answerFrom(this.#lines, this.#child, () => this.#errors);
    if ("failed" in answer) throw new Unable(answer.failed);
    return answer as T;
  }

  /** Whether the process still runs. */
  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  stop(): void {
    this.#child.kill();
  }
}

async function answerFrom(
  lines: AsyncIterator<string>,
  child: ChildProcess,
  errors: () => string,
): Promise<Answer> {
  const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
  const { value, done } = await lines.next();
  clearTimeout(timer);
  if (!done) return JSON.parse(value);
  const said = errors()
    .trim()
    .split("\n")
    .filter((line) => /error/i.test(line))[0];
  if (child.killed) throw new Unable(`no answer within ${PATIENCE / 1000} s`);
  throw new Unable(`its process ended: ${said ?? "it said nothing"}`);
}

function commandFor(id: LibraryId, threads: number, device: Device): string[] {
  if (id !== "torch")
    return [process.execPath, ...process.execArgv, here("../worker.ts"), id, String(threads), device];
  const python = findPython();
  if (python === undefined)
    throw new Unable("no Python with torch here (looked at $PYTHON, /usr/bin/python3, python3)");
  return [python, here("pytorch.py"), String(threads)];
}

let python: string | null | undefined;

/** A Python that has PyTorch. */
export function findPython(): string | undefined {
  const has = "import importlib.util, sys; sys.exit(importlib.util.find_spec('torch') is None)";
  python ??=
    [process.env.PYTHON, "/usr/bin/python3", "python3"].find(
      (path) => path !== undefined && spawnSync(path, ["-c", has]).status === 0,
    ) ?? null;
  return python ?? undefined;
}

/** Equal thread counts for every BLAS and OpenMP, and no wish about OpenBLAS's kernels: it knows the processor best. */
export function environment(threads: number): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, PYTHONDONTWRITEBYTECODE: "1" };
  for (const name of ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"])
    env[name] = String(threads);
  delete env.OPENBLAS_CORETYPE;
  delete env.OPENBLAS_L2_SIZE;
  return env;
}
