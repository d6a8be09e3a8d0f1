/** A garbage collection when a test needs one, so that nothing hangs on when the engine would make it. */

interface Surroundings {
  readonly gc?: () => unknown;
  readonly Bun?: { gc(atOnce: boolean): void };
  readonly process?: { getBuiltinModule?: (name: string) => unknown };
}

const { gc, Bun, process } = globalThis as Surroundings;

/** Turns of the event loop after a collection: in one of them V8 runs the finalizers of one registry, and a test's devices have one each. */
const TURNS = 10;

/** Collects everything, and lets finalizers run. */
export async function collect(): Promise<void> {
  const run = collector();
  // What the first finds may hold what the second does.
  for (let i = 0; i < 3; i++) {
    run();
    for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

/** The function that collects everything at once; finalizers run in a later turn. */
export function collector(): () => void {
  if (gc !== undefined) return gc;
  if (Bun !== undefined) return () => Bun.gc(true);
  // Node and Deno make V8's own function available to contexts made after the flag was set.
  const v8 = process?.getBuiltinModule?.("node:v8") as typeof import("node:v8") | undefined;
  const vm = process?.getBuiltinModule?.("node:vm") as typeof import("node:vm") | undefined;
  if (v8 === undefined || vm === undefined) throw new Error("no way to collect here");
  v8.setFlagsFromString("--expose-gc");
  return vm.runInNewContext("gc") as () => void;
}
