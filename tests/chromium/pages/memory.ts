/** Training loops in a page give their memory back: nothing is disposed of, and what they hold stays flat. */
import { arange, manualSeed, nn, optim, randint, randn, type Tensor, webgpu } from "flambeau";
import { collect } from "../../src/collect.ts";
import { check, ensure, finish, skip } from "./checks.ts";

/** All WebAssembly memories of the page: the CPU device's arena among them. */
const memories: WebAssembly.Memory[] = [];
WebAssembly.Memory = new Proxy(WebAssembly.Memory, {
  construct(target, [descriptor]: ConstructorParameters<typeof WebAssembly.Memory>) {
    const memory = new target(descriptor);
    memories.push(memory);
    return memory;
  },
});
const arena = (): number => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);

interface Heap {
  readonly memory: { readonly usedJSHeapSize: number };
}
const heap = (): number => (performance as unknown as Heap).memory.usedJSHeapSize;

/** So many training steps of a 784-128-10 network on batches of 64; `mark` is called after every hundredth. */
async function train(device: string, steps: number, mark: () => void): Promise<number> {
  manualSeed(0);
  const model = new nn.Sequential(new nn.Linear(784, 128), new nn.ReLU(), new nn.Linear(128, 10)).to(device);
  const optimizer = new optim.Adam(model.parameters(), { lr: 1e-3 });
  const criterion = new nn.CrossEntropyLoss();
  const x: Tensor = randn([64, 784]).to(device);
  const y: Tensor = randint(0, 10, [64]).to(device);
  let loss = 0;
  for (let step = 1; step <= steps; step++) {
    optimizer.zeroGrad();
    const value = criterion(model(x.add(step % 2)), y);
    value.backward();
    optimizer.step();
    loss = await value.item();
    if (step % 100 !== 0) continue;
    // What is measured is what is held, not what the engine has yet to collect.
    await collect();
    mark();
  }
  return loss;
}

const mb = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MB`;

await check("600 steps on the CPU hold no more than those of a few dozen", async () => {
  const [wasm, js]: number[][] = [[], []];
  const loss = await train("cpu", 600, () => {
    wasm.push(arena());
    js.push(heap());
  });
  ensure(Number.isFinite(loss) && loss < 0.1, `the loss is ${loss}`);
  ensure(wasm[5] > 0, "nothing is in WebAssembly memory");
  // It doubles until the collector has had its turns; a step takes 2 MB, all steps more than 1 GB.
  ensure(wasm[5] <= 256 * 2 ** 20, `WebAssembly memory grows: ${wasm.map(mb)}`);
  ensure(
    Math.min(...js.slice(3)) <= Math.max(...js.slice(0, 3)) + 2 ** 23,
    `JavaScript's heap grows: ${js.map(mb)}`,
  );
  console.log(`counted: cpu in the page: 600 steps in ${mb(wasm[5])} of WebAssembly memory`);
});

await check("a thousand results of 4 MB in a loop with turns of the event loop", async () => {
  const x = arange(1e6);
  let last = x;
  for (let i = 0; i < 1000; i++) {
    last = x.add(i);
    if (i % 10 === 0) await last.at(0).item();
  }
  ensure((await last.at(999_999).item()) === 999_999 + 999, "a wrong sum");
  ensure(arena() <= 600 * 2 ** 20, `WebAssembly memory: ${mb(arena())}`);
});

const title = "200 steps on WebGPU hold no more than those of a few dozen";
if (await webgpu.isAvailable()) {
  await check(title, async () => {
    const bytes: number[] = [];
    await train("webgpu", 200, () => bytes.push(webgpu.stats().allocated));
    ensure(bytes.length === 2 && bytes[1] > 0, "no bytes");
    // A step takes about 1 MB of results; when the engine finds them is its affair, but 32 MB more would be a leak.
    ensure(bytes[1] <= bytes[0] + 2 ** 25, `the GPU's buffers grow: ${bytes.map(mb)}`);
    ensure(bytes[1] <= 2 ** 26, `the GPU's buffers: ${bytes.map(mb)}`);
  });
} else {
  await skip(title, "no WebGPU adapter");
}
finish();
