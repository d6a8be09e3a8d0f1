/**
 * Computes in surroundings that lack something, which the first argument names, and compares with plain loops:
 *
 * - "alone": there is no memory that threads share, so that growth moves every array;
 * - "small-modules": the same, and only small modules can be compiled, as on some browsers' main thread;
 * - "policy": a page's policy forbids to compile WebAssembly, which is valid all the same;
 * - "policy-alone": that, and no shared memory;
 * - "two-realms": ArrayBuffer and Uint8Array are another realm's, as in Jest, and WebAssembly is not; no shared memory.
 *
 * Prints what was counted, for the test to look at.
 */
import assert from "node:assert/strict";
import vm from "node:vm";

const how = process.argv[2];
assert.ok(["alone", "small-modules", "policy", "policy-alone", "two-realms"].includes(how), how);
const { Module } = WebAssembly;
let compiled = 0;
let refused = 0;

/** Fewer bytes than any kernel's module has. */
const SMALL = 80;

if (how !== "policy") Reflect.deleteProperty(globalThis, "SharedArrayBuffer");
if (how === "two-realms") Object.assign(globalThis, vm.runInNewContext("({ ArrayBuffer, Uint8Array })"));
else if (how !== "alone") {
  WebAssembly.Module = new Proxy(Module, {
    construct(target, [bytes]: [Uint8Array<ArrayBuffer>]): object {
      if (how === "small-modules" && bytes.length < SMALL) {
        compiled++;
        return new target(bytes);
      }
      refused++;
      throw new Error("violates the following Content Security Policy directive");
    },
  });
}

// Only now: the library looks at its surroundings as it is loaded, or at its first kernel.
const { CpuBackend, setNumThreads } = await import("@flambeau/cpu-backend");
const { F, setWarningHandler, tensor } = await import("flambeau");
const { registerBackend } = await import("@flambeau/tensor");
const { alone, compare, distance, TOLERANCE } = await import("../programs/compare.ts");
const { samples } = await import("../samples/index.ts");
const { checkOn } = await import("../devices/suite.ts");
const { toleranceOf } = await import("../devices/tolerance.ts");

type Device = InstanceType<typeof CpuBackend>;

const warnings: string[] = [];
setWarningHandler((text) => warnings.push(text));
setNumThreads(2);

class Plain extends CpuBackend {
  override readonly name: string = "plain";
}
registerBackend(new Plain({ wasmLimit: 0 }));

class Crowded extends CpuBackend {
  override readonly name: string = "crowded";
}

let grown = 0;

/** Runs `body` beside a new device whose memory is so full that kernels need more for their scratch. */
function crowded(body: (device: Device) => void): void {
  const device = new Crowded();
  for (const bytes of [2 ** 19, 2 ** 18, 2 ** 17]) device.allocate("uint8", bytes);
  registerBackend(device);
  const before = sizeOf(device);
  body(device);
  if (sizeOf(device) > before) grown++;
}

function sizeOf(device: Device): number {
  const { used, pooled } = device.memory();
  return used + pooled;
}

let programs = 0;
const sizes = [
  [2, 3],
  [70, 70],
  [3, 1100],
  [1100, 3],
] as const;
for (const program of alone(sizes)) {
  crowded((device) => compare(program, device.name, "plain"));
  programs++;
}

/** Products, windows and their gradients, which take scratch of their own. */
const trained = (device: string): ReturnType<typeof tensor>[] => {
  const numbers = (n: number, seed: number): Float32Array =>
    Float32Array.from({ length: n }, (_, i) => Math.sin(seed + 1.3 * i));
  const make = (shape: number[], seed: number): ReturnType<typeof tensor> =>
    tensor(
      numbers(
        shape.reduce((p, s) => p * s, 1),
        seed,
      ),
      { device },
    )
      .reshape(shape)
      .detach()
      .requiresGrad_();
  const [x, kernels, weight, bias] = [
    make([4, 2, 20, 20], 1),
    make([6, 2, 3, 3], 2),
    make([10, 6 * 81], 3),
    make([10], 4),
  ];
  const pooled = F.maxPool2d(F.conv2d(x, kernels), 2);
  const logits = F.linear(pooled.flatten(1), weight.mul(0.1), bias);
  const loss = F.crossEntropy(logits, tensor([1n, 2n, 3n, 9n], { device }));
  loss.backward();
  const batched = x.reshape([8, 20, 20]).matmul(x.reshape([8, 20, 20]).mT);
  const grads = [x, kernels, weight, bias].map((leaf) => leaf.grad as ReturnType<typeof tensor>);
  return [loss, logits, batched, ...grads];
};
crowded((device) => {
  const [got, expected] = [trained(device.name), trained("plain")];
  got.forEach((value, k) => {
    const error = distance(value, expected[k]);
    assert.ok(error <= TOLERANCE, `result ${k} of a network differs by ${error}`);
  });
  programs++;
});

let cases = 0;
for (const sample of samples) cases += await checkOn("cpu", [sample], 2, toleranceOf(sample.name));

console.log(JSON.stringify({ programs, cases, grown, compiled, refused, warnings }));
