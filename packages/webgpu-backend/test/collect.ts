/** The garbage collector, called by name: what hangs on it can then be tested without hoping. */

interface Engine {
  readonly Bun?: { gc(atOnce: boolean): void };
  readonly gc?: () => void;
  readonly process?: { readonly versions?: { readonly node?: string } };
}
const { Bun, gc, process } = globalThis as Engine;

/** Collects all garbage; null where the engine does not offer it. */
export const collect: (() => void) | null = Bun !== undefined ? () => Bun.gc(true) : (gc ?? (await ofV8()));

async function ofV8(): Promise<(() => void) | null> {
  if (process?.versions?.node === undefined) return null;
  // Not literals: bundles for pages have no such modules.
  const [v8, vm] = await Promise.all(["node:v8", "node:vm"].map((name) => import(name)));
  v8.setFlagsFromString("--expose-gc");
  return vm.runInNewContext("gc");
}
