/** Batches of products, with a bias or without, on one thread and on two, against the plain loops. */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { E, type Epilogue, input, MapKernel, numel, type Strided, typedArray } from "@flambeau/backend";
import { CpuBackend, getNumThreads, setNumThreads } from "@flambeau/cpu-backend";
import { attached } from "./workers.ts";

const add = new MapKernel("add", 2, 0, [E.add(input(0), input(1))]);

interface Case {
  readonly name: string;
  readonly batch: readonly number[];
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** Batch dimensions of the operands where they are not all of `batch`: ones are broadcast. */
  readonly a?: readonly number[];
  readonly b?: readonly number[];
  readonly turned?: "a" | "b" | "output";
  readonly bias?: readonly number[];
}

const cases: readonly Case[] = [
  { name: "one weight for all images", batch: [7, 1], m: 16, n: 49, k: 30, a: [1, 1], bias: [1, 16, 1] },
  { name: "groups", batch: [5, 3], m: 8, n: 30, k: 40, a: [1, 3], bias: [3, 8, 1] },
  { name: "a bias for each column", batch: [4], m: 20, n: 33, k: 17, bias: [33] },
  { name: "a bias of the output's shape", batch: [2, 3], m: 20, n: 33, k: 17, bias: [2, 3, 20, 33] },
  { name: "a bias for each batch", batch: [4, 2], m: 20, n: 33, k: 17, bias: [4, 1, 1, 1] },
  { name: "transposed left operands", batch: [6], m: 25, n: 40, k: 21, turned: "a" },
  { name: "transposed right operands", batch: [6], m: 25, n: 40, k: 21, turned: "b", bias: [25, 1] },
  { name: "a transposed output", batch: [6], m: 25, n: 40, k: 21, turned: "output", bias: [25, 1] },
  { name: "a shared right operand", batch: [3, 2], m: 25, n: 40, k: 21, b: [1, 1] },
  { name: "many large ones", batch: [12], m: 64, n: 96, k: 80, bias: [64, 1] },
  { name: "fewer than threads", batch: [1, 1], m: 128, n: 160, k: 120, a: [1, 1], bias: [160] },
];

let state = 1;
function noise(): number {
  state = (Math.imul(state, 1103515245) + 12345) | 0;
  return (state >>> 8) / 2 ** 23 - 1;
}

/** The same operand on each device, its last two dimensions swapped in memory where asked for. */
function operands(devices: readonly CpuBackend[], shape: readonly number[], turned: boolean): Strided[] {
  const data = typedArray("float32", numel(shape)) as Float32Array;
  for (let i = 0; i < data.length; i++) data[i] = noise();
  const order = shape.map((_, d) => d);
  if (turned) order.push(...order.splice(-2).reverse());
  const strides = shape.map(() => 0);
  let step = 1;
  for (const d of order.toReversed()) {
    strides[d] = step;
    step *= shape[d];
  }
  return devices.map((device) => ({
    storage: device.upload("float32", data),
    dtype: "float32",
    shape,
    strides,
    offset: 0,
  }));
}

const threadsAtFirst = getNumThreads();
after(() => setNumThreads(threadsAtFirst));

for (const threads of [1, 2]) {
  describe(`batched products, threads: ${threads}`, () => {
    const device = new CpuBackend();
    const plain = new CpuBackend({ wasmLimit: 0 });
    // Workers start with the first kernel that could use them, and are there some time after.
    test("threads are ready", async () => {
      setNumThreads(threads);
      const [large] = operands([device], [2 ** 18], false);
      if (threads > 1) await attached(threads, device);
      // Named here, or it may be gone by now.
      assert.ok(device.memory().used >= 4 * numel(large.shape));
    });
    for (const c of cases) {
      test(c.name, () => {
        setNumThreads(threads);
        const devices = [device, plain];
        const shape = (batch: readonly number[] | undefined, rows: number, columns: number): number[] => [
          ...(batch ?? c.batch),
          rows,
          columns,
        ];
        const a = operands(devices, shape(c.a, c.m, c.k), c.turned === "a");
        const b = operands(devices, shape(c.b, c.k, c.n), c.turned === "b");
        const outputs = operands(devices, shape(c.batch, c.m, c.n), c.turned === "output");
        const bias = c.bias && operands(devices, c.bias, false);
        const results = devices.map((one, i) => {
          const epilogue: Epilogue | undefined = bias && { kernel: add, inputs: [bias[i]], params: [] };
          one.matmul(a[i], b[i], outputs[i], epilogue);
          return one.downloadSync(outputs[i]) as Float32Array;
        });
        results[1].forEach((expected, i) => {
          // k products of numbers below one, each rounded, and their sums.
          assert.ok(Math.abs(results[0][i] - expected) <= (c.k + 2) * 2 ** -23, `element ${i}`);
        });
      });
    }
  });
}
