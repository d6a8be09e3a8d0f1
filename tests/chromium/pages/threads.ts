/** The CPU device in a page, or in a worker: WebAssembly with SIMD; threads where the page is isolated, else one. */
import { getNumThreads, manualSeed, randn, setNumThreads, type Tensor } from "flambeau";
import { openMailbox, type Post, TAKEN } from "../../../packages/cpu-backend/src/threads/mailbox.ts";
import { check, ensure, finish, isInWorker } from "./checks.ts";

interface AnyWorker {
  postMessage(message: unknown): void;
}
const here = globalThis as unknown as {
  readonly crossOriginIsolated: boolean;
  readonly Worker: { readonly prototype: AnyWorker };
};
const { crossOriginIsolated: isIsolated } = here;

/** What the library's workers work on: the shared memory tells what they did. */
const posts: Post[] = [];
const { prototype } = here.Worker;
const { postMessage } = prototype;
prototype.postMessage = function (this: AnyWorker, message: unknown): void {
  // Before this a worker is sent room for its greeting.
  if ("mailbox" in (message as Post)) posts.push(message as Post);
  postMessage.call(this, message);
};
const taken = (): number => posts.reduce((sum, { mailbox }) => sum + openMailbox(mailbox).control[TAKEN], 0);

/** f32x4.add, f32x4.mul and f32x4.relaxed_madd, as WebAssembly's binary format has them. */
const simd = ["253,228,1,", "253,230,1,", "253,133,2,"];
/** How many modules were compiled, and how many of these have SIMD's instructions. */
const modules = { compiled: 0, withSimd: 0 };
WebAssembly.Module = new Proxy(WebAssembly.Module, {
  construct(target, [bytes]: [Uint8Array<ArrayBuffer>]) {
    modules.compiled++;
    const text = `${bytes},`;
    if (simd.some((code) => text.includes(code))) modules.withSimd++;
    return new target(bytes);
  },
});

const size = 512;
manualSeed(0);
const a = randn([size, size]);
const b = randn([size, size]);

/** The product's elements. */
const product = (): Float32Array => a.matmul(b).dataSync() as Float32Array;
const elements = (x: Tensor): Float32Array => x.dataSync() as Float32Array;
const isSame = (x: Float32Array, y: Float32Array): boolean =>
  x.length === y.length && x.every((v, i) => v === y[i]);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

await check(`${isInWorker ? "worker" : "page"}: one thread multiplies right, with SIMD`, () => {
  setNumThreads(1);
  const got = product();
  const [x, y] = [elements(a), elements(b)];
  for (let i = 0; i < size; i += 37) {
    for (let j = 0; j < size; j += 41) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += x[i * size + k] * y[k * size + j];
      ensure(
        Math.abs(got[i * size + j] - sum) < 1e-3,
        `element ${i}, ${j} is ${got[i * size + j]}, not ${sum}`,
      );
    }
  }
  ensure(modules.compiled > 0, "no kernel was compiled to WebAssembly");
  ensure(modules.withSimd > 0, "no kernel has SIMD's instructions");
  ensure(posts.length === 0, "one thread started workers");
});

if (isIsolated) {
  await check("isolated: two threads multiply as one does", async () => {
    const wanted = product();
    setNumThreads(2);
    ensure(getNumThreads() === 2, "not two threads");
    let last = wanted;
    // A guard against hangs.
    const end = Date.now() + 120_000;
    // Workers join once they have started, for which the event loop has to turn.
    while (taken() === 0 && Date.now() < end) {
      last = product();
      ensure(isSame(last, wanted), "another result");
      await pause(5);
    }
    ensure(posts.length === 1, `${posts.length} workers, not 1`);
    ensure(taken() > 0, "the worker took no part");
    // Now both are there for sure.
    const before = taken();
    while (taken() === before && Date.now() < end) ensure(isSame(product(), wanted), "another result");
    ensure(taken() > before, "the worker took no part in the last products");
    setNumThreads(1);
    const alone = taken();
    ensure(isSame(product(), wanted) && taken() === alone, "one thread is not alone");
  });
} else {
  await check("not isolated: what asks for two threads gets one, without a word", async () => {
    const wanted = product();
    setNumThreads(2);
    for (let i = 0; i < 5; i++) {
      ensure(isSame(product(), wanted), "another result");
      await pause(20);
    }
    ensure(posts.length === 0, "workers were started, which cannot share memory");
    ensure(getNumThreads() === 1, `${getNumThreads()} threads, as it is told`);
  });
}
finish();
