import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { CpuBackend, setNumThreads } from "@flambeau/cpu-backend";

/** Waits until something holds; the minute is a guard against hangs. */
export async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 60_000;
  while (!holds() && Date.now() < end) await sleep(5);
  assert.ok(holds(), "waited in vain");
}

/** A device whose large kernels run on several threads from now on; `setNumThreads` back at the end is the test's to call. */
export async function attached(threads: number, device: CpuBackend = new CpuBackend()): Promise<CpuBackend> {
  setNumThreads(threads);
  device.release(device.allocate("float32", 2000));
  await until(() => device.threads.pool !== undefined);
  return device;
}
