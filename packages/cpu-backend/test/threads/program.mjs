// Multiplies large matrices, so that a worker waits when the program ends; the argument says how it ends, or what the
// runtime lacks. Prints an element of the product, and the threads that the last one had.
const { process } = globalThis;
const how = process.argv[2];
const builtin = process.getBuiltinModule;
if (how === "without-shared-memory") delete globalThis.SharedArrayBuffer;
if (how === "without-workers") {
  delete globalThis.Worker;
  process.getBuiltinModule = (name) => (name === "node:worker_threads" ? undefined : builtin(name));
}
// Bun's and Deno's own workers are those of the browsers.
if (how === "with-web-workers") process.getBuiltinModule = undefined;
const others = { "with-broken-workers": "./missing.mjs", "with-older-workers": "./older-worker.mjs" };
if (how in others) {
  const { Worker } = builtin("node:worker_threads");
  class Broken extends Worker {
    constructor(_file, options) {
      super(new URL(others[how], import.meta.url), options);
    }
  }
  process.getBuiltinModule = (name) => (name === "node:worker_threads" ? { Worker: Broken } : builtin(name));
}

const { setWarningHandler } = await import("@flambeau/backend");
const warnings = [];
setWarningHandler((text) => warnings.push(text.replace(/file:\S*\//, "")));
const { cpu, getNumThreads, setNumThreads } = await import("@flambeau/cpu-backend");
if (how.startsWith("without") && getNumThreads() !== 1) throw new Error("there should be one thread");

const n = 256;
const filled = (value) => ({
  storage: cpu.upload("float32", new Float32Array(n * n).fill(value)),
  dtype: "float32",
  shape: [n, n],
  strides: [n, 1],
  offset: 0,
});
const [a, b, o] = [filled(1), filled(2), filled(0)];
setNumThreads(2);
// Where no thread can come it is waited for a little, for nothing; otherwise until one is there, or was given up.
const end = Date.now() + (how === "at-once" ? 0 : how.startsWith("without") ? 500 : 60_000);
do {
  cpu.matmul(a, b, o);
  // A worker that cannot start says so when the event loop turns.
  if (how.startsWith("with")) await new Promise((resolve) => setTimeout(resolve, 10));
} while (Date.now() < end && cpu.threads.pool === undefined && warnings.length === 0);
cpu.matmul(a, b, o);
if (!o.storage.data.every((x) => x === 512)) throw new Error("the product is wrong");
console.log(`512 threads ${cpu.threads.pool === undefined ? 1 : 2}`);
if (how.startsWith("with")) console.log(`asked ${getNumThreads()}`);
for (const text of warnings) console.log(text);

if (how === "throws") throw new Error("on purpose");
if (how === "rejects") Promise.reject(new Error("on purpose"));
if (how === "with-web-workers") process.exit(0);
if (how === "exits") process.exit(3);
if (how === "idles") await new Promise((resolve) => setTimeout(resolve, 200));
