/** The worker that runs a page's cells, so that the page stays responsive. */
import type { Compiled } from "./compile.ts";
import { hintFor } from "./hints.ts";
import { Interrupt, requestStop, startRun, watchFlag } from "./interrupt.ts";
import type { DeviceName, Failure, ToWorker } from "./messages.ts";
import { findModule } from "./modules.ts";
import { finishOutput, send, show, startOutput, takeConsole } from "./printing.ts";
import { ImportError, placeOf, runCell } from "./scope.ts";

interface Gpu {
  isAvailable(): Promise<boolean>;
}

// Deep enough to reach the cell from the depths of the library.
(Error as { stackTraceLimit?: number }).stackTraceLimit = 100;
takeConsole();
globalThis.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  if (data.type === "start") {
    watchFlag(data.stop);
    void start(data.device);
  } else if (data.type === "stop") requestStop();
  else void run(data.cell, data.compiled);
};

async function start(device: DeviceName): Promise<void> {
  try {
    if (device === "webgpu") await startGpu();
    // Live figures of the library find it by the symbol.
    Object.assign(globalThis, { device, show, [Symbol.for("flambeau.show")]: show });
    send({ type: "ready" });
  } catch (error) {
    send({ type: "refused", reason: error instanceof Error ? error.message : String(error) });
  }
}

async function startGpu(): Promise<void> {
  const gpu = findModule("flambeau").webgpu as Gpu | undefined;
  if (gpu === undefined || !(await gpu.isAvailable())) {
    throw new Error("WebGPU found no adapter that computes right in this browser.");
  }
}

async function run(cell: number, compiled: Compiled): Promise<void> {
  startOutput(cell);
  startRun();
  let failure: Failure | undefined;
  try {
    await runCell(cell, compiled);
  } catch (error) {
    failure = await describe(error, cell);
  }
  await finishOutput();
  send({ type: "done", cell, failure });
}

async function describe(error: unknown, cell: number): Promise<Failure> {
  if (error instanceof ImportError)
    return { name: error.name, message: error.message, cell, line: error.line };
  if (!(error instanceof Error)) return { name: "Thrown", message: String(error) };
  const { name, message } = error;
  // The page waits for it, and shows no place.
  if (error instanceof Interrupt) return { name, message };
  return { name, message, hint: hintFor(name, message), ...(await placeOf(error)) };
}

globalThis.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  // An async function that was not awaited stopped with its cell.
  if (event.reason instanceof Interrupt) return;
  console.error(`unhandled rejection: ${String(event.reason)}`);
});
