import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { CpuBackend, setNumThreads } from "@flambeau/cpu-backend";

/** Waits until something holds, at most ten seconds. */
export async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 1000 && !holds(); i++) await sleep(10);
  assert.ok(holds(), "waited in vain");
}

/** A device whose large kernels run on several threads from now on; `setNumThreads` back at the end is the test's to call. */
export async function attached(threads: number, device: CpuBackend = new CpuBackend()): Promise<CpuBackend> {
  setNumThreads(threads);
  device.release(device.allocate("float32", 2000));
  await until(() => device.threads.pool !== undefined);
  return device;
}
