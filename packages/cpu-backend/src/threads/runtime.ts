/** What differs between runtimes where workers are concerned. Node, Bun and Deno share Node's module for them. */
import type { Invitation, Post } from "./mailbox.ts";

interface NodeWorker {
  on(event: "error", listener: (error: unknown) => void): void;
  on(event: "exit", listener: () => void): void;
  postMessage(post: Post): void;
  unref(): void;
  terminate(): unknown;
}

interface NodeThreads {
  Worker: new (
    file: URL,
    options: { workerData: Invitation; execArgv: string[]; env: Record<string, string> },
  ) => NodeWorker;
}

interface WebWorker {
  onerror: ((event: { preventDefault(): void; readonly message?: string }) => void) | null;
  postMessage(message: Invitation | Post): void;
  terminate(): void;
}

declare const Worker: new (file: URL, options: { type: "module" }) => WebWorker;
/** Of a module that was bundled into CommonJS. */
declare const __filename: string | undefined;

interface Surroundings {
  process?: { getBuiltinModule?: (name: string) => unknown };
  Deno?: {
    permissions: { querySync(permission: { name: "read"; path: URL }): { state: string } };
  };
  Worker?: unknown;
  navigator?: { hardwareConcurrency?: number };
}

const here = globalThis as Surroundings;

/** A worker that was asked for; it greets when it is ready. */
export interface StartedWorker {
  /** Gives it its work. */
  post(post: Post): void;
  terminate(): void;
}

/** Whether memory can be shared with workers here. */
export function hasWorkers(): boolean {
  if (typeof SharedArrayBuffer === "undefined" || typeof Atomics === "undefined") return false;
  return nodeThreads() !== undefined || here.Worker !== undefined;
}

/** How many threads the machine runs at a time; 1 where the runtime has no workers to share memory with. */
export function hardwareThreads(): number {
  if (!hasWorkers()) return 1;
  const web = here.navigator?.hardwareConcurrency;
  // Node 20 has no navigator; Deno's `os` asks for a permission.
  const os = web === undefined ? (builtin("node:os") as { availableParallelism?: () => number }) : undefined;
  return web ?? os?.availableParallelism?.() ?? 1;
}

/**
 * Starts a worker. `onLost` is told why it failed or ended, once the event loop turns.
 *
 * @throws Error that says why there can be none.
 */
export function startWorker(invitation: Invitation, onLost: (reason: string) => void): StartedWorker {
  const threads = nodeThreads();
  return threads === undefined
    ? startInBrowser(invitation, onLost)
    : startInNode(threads, invitation, onLost);
}

function startInNode(
  threads: NodeThreads,
  invitation: Invitation,
  onLost: (reason: string) => void,
): StartedWorker {
  const file = fileInNode();
  if (file.protocol === "file:") {
    // Deno would ask the user at the terminal.
    const permission = here.Deno?.permissions.querySync({ name: "read", path: file }).state ?? "granted";
    if (permission !== "granted") throw new Error(`Deno may not read ${file.href} (deno run -R permits it)`);
    const { existsSync } = builtin("node:fs") as { existsSync(file: URL): boolean };
    if (!existsSync(file)) throw new Error(`there is no ${file.href} (${REMEDY})`);
  }
  // Without the options and the environment of the process: they may load what a worker has no use for.
  const worker = new threads.Worker(file, { workerData: invitation, execArgv: [], env: {} });
  worker.on("error", (error) => onLost(`${file.href} failed: ${(error as Error | undefined)?.message}`));
  worker.on("exit", () => onLost(`${file.href} ended`));
  worker.unref();
  return { post: (post) => worker.postMessage(post), terminate: () => void worker.terminate() };
}

/** What puts the file where a bundle looks for it. */
const REMEDY = "bundle @flambeau/cpu-backend/worker as flambeau-cpu-worker.js beside the program";

/**
 * Where the worker's program lies: beside this module, or beside the bundle that this module has become a part of. Not in the form
 * in which bundlers see a file: they would make it the address of something in a page, and a second copy.
 */
function fileInNode(): URL {
  let base: string | undefined = import.meta.url;
  if (!base) {
    if (typeof __filename === "undefined") throw new Error("the bundle has no import.meta.url");
    base = (builtin("node:url") as { pathToFileURL(path: string): URL }).pathToFileURL(__filename).href;
  }
  return new URL(`flambeau-cpu-worker${/\.[cm]?[jt]s$/.exec(base)?.[0] ?? ".js"}`, base);
}

function startInBrowser(invitation: Invitation, onLost: (reason: string) => void): StartedWorker {
  // In this form bundlers see that the file is a worker.
  const worker = new Worker(new URL("./flambeau-cpu-worker.ts", import.meta.url), { type: "module" });
  worker.onerror = (event) => {
    event.preventDefault();
    // A file that is not there has no message.
    onLost(`its worker failed: ${event.message || `it was not found, or refused (${REMEDY})`}`);
  };
  worker.postMessage(invitation);
  return { post: (post) => worker.postMessage(post), terminate: () => worker.terminate() };
}

function nodeThreads(): NodeThreads | undefined {
  return builtin("node:worker_threads") as NodeThreads | undefined;
}

/** A module of Node's, in runtimes that have it; an import would not resolve in a browser. */
function builtin(name: string): unknown {
  return here.process?.getBuiltinModule?.(name);
}

/** Waits until a word is not `value` any more, `ms` milliseconds at most. */
export function waitWhile(control: Int32Array, word: number, value: number, ms: number): void {
  if (mayBlock()) Atomics.wait(control, word, value, ms);
  else for (const end = Date.now() + ms; Atomics.load(control, word) === value && Date.now() <= end; );
}

let blocks: boolean | undefined;

/** Whether this thread may wait for others: not where it paints a page. */
function mayBlock(): boolean {
  if (blocks === undefined) {
    try {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
      blocks = true;
    } catch {
      blocks = false;
    }
  }
  return blocks;
}
