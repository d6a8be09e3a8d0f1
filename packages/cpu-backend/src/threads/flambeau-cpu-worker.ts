/**
 * A worker's own program: greets, is sent a mailbox, and takes tasks from it for as long as the process lives. It does not
 * return to its event loop then, so nothing reaches it but what is written into the mailbox.
 *
 * It has neither imports nor exports once it is built, so that it runs as a module and as a script: bundles take it along as
 * either.
 */
import { scalar } from "../wasm/codegen/scalar-imports.ts";
import {
  DONE,
  FAILED,
  FINISHED,
  type Functions,
  greet,
  hasTasks,
  type Invitation,
  LIMIT,
  load,
  type Mailbox,
  MODULES,
  OUTCOMES,
  openMailbox,
  type Post,
  READY,
  REFUSED,
  replay,
  STATE,
  TAKEN,
  take,
} from "./mailbox.ts";

/** Looks at the state so often before it waits (about 50 us): in a training step the next job is near, and waking costs as much. */
const SPINS = 20_000;

interface NodeThreads {
  workerData?: Partial<Invitation> | null;
  parentPort?: { once(event: "message", listener: (post: Post) => void): void } | null;
}

interface Surroundings {
  process?: { getBuiltinModule?: (name: string) => unknown };
  onmessage?: (event: { data: Invitation | Post }) => void;
}

const here = globalThis as unknown as Surroundings;
// Node, Bun and Deno hand the invitation over when they start the worker, browsers send it.
const threads = here.process?.getBuiltinModule?.("node:worker_threads") as NodeThreads | undefined;
const invitation = threads?.workerData;
if (invitation?.greeting) {
  threads?.parentPort?.once("message", serve);
  greet(invitation as Invitation);
} else
  here.onmessage = ({ data }) => {
    if ("greeting" in data) greet(data);
    else serve(data);
  };

function serve({ memory, mailbox, worker }: Post): void {
  const box = openMailbox(mailbox);
  const { control } = box;
  const functionsOf = loader(box, memory);
  Atomics.add(control, READY, 1);
  for (;;) {
    const limit = Atomics.load(control, LIMIT);
    if (worker >= limit) Atomics.wait(control, LIMIT, limit);
    else work(box, functionsOf);
  }
}

/** Takes one task, or waits for the next job. */
function work(box: Mailbox, functionsOf: (module: number) => Functions): void {
  const { control } = box;
  let state = Atomics.load(control, STATE);
  for (let spin = 0; spin < SPINS && !hasTasks(state); spin++) state = Atomics.load(control, STATE);
  if (!hasTasks(state)) {
    Atomics.wait(control, STATE, state);
    return;
  }
  const task = take(control, true);
  if (task < 0) return;
  Atomics.add(control, TAKEN, 1);
  let outcome = REFUSED;
  try {
    load(box, task, functionsOf);
    outcome = FAILED;
    replay(box, task, functionsOf);
    outcome = FINISHED;
  } catch {
    // The calling thread sees the outcome.
  }
  Atomics.store(control, OUTCOMES + task, outcome);
  Atomics.add(control, DONE, 1);
  Atomics.notify(control, DONE);
}

/** Compiles modules when a task first calls them. */
function loader({ control, code }: Mailbox, memory: WebAssembly.Memory): (module: number) => Functions {
  const loaded: Functions[] = [];
  return (module) => {
    if (loaded[module] === undefined) {
      const at = control[MODULES + 2 * module];
      // A copy: modules are not made of shared memory.
      const bytes = new Uint8Array(control[MODULES + 2 * module + 1]);
      bytes.set(code.subarray(at, at + bytes.length));
      const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory }, scalar });
      loaded[module] = Object.values(instance.exports) as unknown as Functions;
    }
    return loaded[module];
  };
}
