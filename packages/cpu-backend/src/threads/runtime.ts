/** What differs between runtimes where workers are concerned. Node, Bun and Deno share Node's module for them. */
import type { Post } from "./mailbox.ts";

interface NodeWorker {
  on(event: "error" | "exit", listener: () => void): void;
  unref(): void;
  terminate(): unknown;
}

interface NodeThreads {
  Worker: new (
    file: URL,
    options: { workerData: Post; execArgv: string[]; env: Record<string, string> },
  ) => NodeWorker;
}

interface WebWorker {
  onerror: ((event: { preventDefault(): void }) => void) | null;
  postMessage(message: Post): void;
  terminate(): void;
}

declare const Worker: new (file: URL, options: { type: "module" }) => WebWorker;

interface Surroundings {
  process?: { getBuiltinModule?: (name: string) => unknown };
  Deno?: {
    permissions: { querySync(permission: { name: "read"; path: URL }): { state: string } };
  };
  Worker?: unknown;
  navigator?: { hardwareConcurrency?: number };
}

const here = globalThis as Surroundings;

/** A worker that was asked for; it says for itself, in the mailbox, when it is ready. */
export interface StartedWorker {
  terminate(): void;
}

/** How many threads the machine runs at a time; 1 where the runtime has no workers to share memory with. */
export function hardwareThreads(): number {
  if (typeof SharedArrayBuffer === "undefined" || typeof Atomics === "undefined") return 1;
  if (nodeThreads() === undefined && here.Worker === undefined) return 1;
  const web = here.navigator?.hardwareConcurrency;
  // Node 20 has no navigator; Deno's `os` asks for a permission.
  const os = web === undefined ? (builtin("node:os") as { availableParallelism?: () => number }) : undefined;
  return web ?? os?.availableParallelism?.() ?? 1;
}

/** Starts a worker; undefined where that cannot be. `onLost` is called when it fails or ends, once the event loop turns. */
export function startWorker(post: Post, onLost: () => void): StartedWorker | undefined {
  try {
    const threads = nodeThreads();
    return threads === undefined ? startInBrowser(post, onLost) : startInNode(threads, post, onLost);
  } catch {
    // Refused by a permission or by the page's policy; or the memory cannot be shared.
    return undefined;
  }
}

function startInNode(threads: NodeThreads, post: Post, onLost: () => void): StartedWorker | undefined {
  const file = new URL("./worker.ts", import.meta.url);
  // Deno would ask the user at the terminal.
  const permissions = here.Deno?.permissions;
  if (file.protocol === "file:" && permissions?.querySync({ name: "read", path: file }).state === "prompt")
    return undefined;
  // Without the options and the environment of the process: they may load what a worker has no use for.
  const worker = new threads.Worker(file, { workerData: post, execArgv: [], env: {} });
  worker.on("error", onLost);
  worker.on("exit", onLost);
  worker.unref();
  return { terminate: () => void worker.terminate() };
}

function startInBrowser(post: Post, onLost: () => void): StartedWorker {
  // In this form bundlers see that the file is a worker.
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  worker.onerror = (event) => {
    event.preventDefault();
    onLost();
  };
  worker.postMessage(post);
  return { terminate: () => worker.terminate() };
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
