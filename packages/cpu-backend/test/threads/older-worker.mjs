// The worker's program of another version, which lies where this version's should: it must get no memory.
import { parentPort, workerData } from "node:worker_threads";

const words = new Int32Array(workerData.greeting);
const text = "flambeau-cpu-worker 0.0.1";
for (let k = 0; k < text.length; k++) words[k + 1] = text.charCodeAt(k);
Atomics.store(words, 0, text.length);
parentPort.once("message", () => console.log("it was given work"));
