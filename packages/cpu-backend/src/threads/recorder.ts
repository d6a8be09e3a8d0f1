import type { Functions } from "./mailbox.ts";
import type { Pool } from "./pool.ts";

/** By a module's functions on one memory, which has one pool; null where there was no room for the module. */
const recorders: WeakMap<object, object | null> = new WeakMap();

/**
 * A module's functions, by name and in the order of its exports, as others that write their calls into a pool's job; undefined
 * when the pool has no room for the module's bytes.
 */
export function recorderOf<K extends object>(pool: Pool, kernels: K, bytes: Uint8Array): K | undefined {
  let recorder = recorders.get(kernels);
  if (recorder === undefined) {
    const module = pool.register(bytes, Object.values(kernels) as unknown as Functions);
    const entries = Object.keys(kernels).map((name, run) => [
      name,
      (...args: number[]): void => pool.job.call(module, run, args),
    ]);
    recorder = module < 0 ? null : (Object.fromEntries(entries) as object);
    recorders.set(kernels, recorder);
  }
  return (recorder as K | null) ?? undefined;
}

/**
 * Runs a job with a task for each part, made of the calls that `write` puts into it; all are done on return. False, and
 * nothing done, when they are too many.
 */
export function runEach<P>(pool: Pool, parts: Iterable<P>, write: (part: P) => void): boolean {
  const job = pool.newJob();
  for (const part of parts) {
    job.task();
    write(part);
  }
  if (job.isComplete) pool.run(job);
  return job.isComplete;
}
