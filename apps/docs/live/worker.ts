/** The worker in which the programs of these pages train. */
import { webgpu } from "flambeau";
import type { ProgramName, ToWorker } from "./messages.ts";
import { DeviceRefused, Trainer } from "./trainer.ts";
import type { MakeTraining } from "./training.ts";

async function find(program: ProgramName): Promise<MakeTraining> {
  if (program === "moons") return (await import("./moons/train.ts")).makeMoons;
  if (program === "digits") return (await import("./digits/train.ts")).makeDigits;
  const [{ makeGpt }, { default: text }] = await Promise.all([
    import("./gpt/train.ts"),
    import("../../../examples/char-gpt/sonnets.txt?raw"),
  ]);
  return (settings, device) => makeGpt(text, settings, device);
}

async function open(device: string): Promise<void> {
  if (device === "webgpu" && !(await webgpu.isAvailable()))
    throw new DeviceRefused("WebGPU found no adapter that computes right in this browser.");
}

// Promises alone would keep messages waiting.
const breathe = (time: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, time));

const trainer = new Trainer({ find, open, breathe, send: (message) => postMessage(message) });
globalThis.onmessage = ({ data }: MessageEvent<ToWorker>) => trainer.receive(data);
void trainer.run();
