import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DeviceError, hasBackend, registeredBackend } from "@flambeau/backend";
import { destroy, info, init, isAvailable, stats } from "@flambeau/webgpu-backend";
import { openAdapter } from "../src/adapter.ts";
import type { Gpu, GpuAdapter, GpuDevice } from "../src/api.ts";
import { findGpu } from "../src/runtime/find.ts";
import { skip } from "./adapter.ts";

/** WebGPU with adapters that were tampered with. */
function withAdapter(gpu: Gpu, change: (adapter: GpuAdapter) => object): Gpu {
  return {
    async requestAdapter(options) {
      const adapter = await gpu.requestAdapter(options);
      if (adapter === null) return null;
      const changes = change(adapter);
      return new Proxy(adapter, {
        get(target, name) {
          if (name in changes) return (changes as Record<string | symbol, unknown>)[name];
          const value = Reflect.get(target, name, target);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
    },
  };
}

describe("the GPU device", { skip }, () => {
  if (skip) return;

  test("is known by its name, with what it is and does", async () => {
    const gpu = await init();
    assert.equal(await isAvailable(), true);
    assert.equal(registeredBackend("webgpu"), gpu);
    assert.equal(await init(), gpu);
    const { vendor, description, maxTensorBytes } = info();
    assert.ok(`${vendor}${description}`.length > 0);
    assert.ok(maxTensorBytes >= 128 * 2 ** 20);
    const before = stats();
    await gpu.synchronize();
    assert.equal(stats().submits, before.submits + 1);
  });

  test("opens once, however often it is asked for at a time", async () => {
    destroy();
    const [a, b, c] = await Promise.all([init(), init(), isAvailable()]);
    assert.equal(a, b);
    assert.equal(c, true);
  });

  test("when lost, reads that wait reject, and init opens it again", async () => {
    const gpu = await init();
    const storage = gpu.upload("float32", Float32Array.of(1, 2));
    const x = { storage, dtype: "float32", shape: [2], strides: [1], offset: 0 } as const;
    const waiting = gpu.download(x);
    gpu.onHost([x], [x], ([data]) => [data]);
    const behind = gpu.download(x);
    const told = [assert.rejects(waiting, DeviceError), assert.rejects(behind, DeviceError)];
    destroy();
    await Promise.all(told);
    await assert.rejects(gpu.download(x), /lost.*webgpu\.init\(\)/);
    assert.throws(() => gpu.allocate("float32", 1), DeviceError);
    assert.equal(hasBackend("webgpu"), false);
    assert.throws(() => registeredBackend("webgpu"), /webgpu\.isAvailable\(\) or webgpu\.init\(\)/);
    assert.throws(info, DeviceError);
    const again = await init();
    assert.notEqual(again, gpu);
    const data = again.upload("int32", Int32Array.of(5));
    const y = { storage: data, dtype: "int32", shape: [1], strides: [1], offset: 0 } as const;
    assert.deepEqual([...((await again.download(y)) as Int32Array)], [5]);
  });

  test("lost without being asked, as when a driver starts anew, it tells the same", async () => {
    const { stream } = await openAdapter(await findGpu(), {});
    const block = stream.pool.take(16, 1024, stream.batch);
    const reading = stream.read({ block, offset: 0, bytes: 16 });
    const told = assert.rejects(reading, DeviceError);
    stream.device.destroy();
    await told;
    await stream.device.lost;
    await assert.rejects(stream.read({ block, offset: 0, bytes: 16 }), DeviceError);
  });

  test("is refused when it computes nothing", async () => {
    const gpu = await findGpu();
    const idle = withAdapter(gpu, (adapter) => ({
      async requestDevice(descriptor: Parameters<GpuAdapter["requestDevice"]>[0]): Promise<GpuDevice> {
        const device = await adapter.requestDevice(descriptor);
        // Takes the commands and runs none, as Dawn's null backend.
        const create = device.createComputePipeline.bind(device);
        const module = device.createShaderModule({ code: "@compute @workgroup_size(1) fn main() {}" });
        device.createComputePipeline = (pipeline) =>
          create({ ...pipeline, compute: { module, entryPoint: "main" } });
        return device;
      },
    }));
    await assert.rejects(openAdapter(idle, {}), /wrong results/);
    const named = withAdapter(gpu, () => ({ info: { vendor: "", device: "null-backend" } }));
    await assert.rejects(openAdapter(named, {}), /null adapter/);
    await assert.rejects(openAdapter({ requestAdapter: async () => null }, {}), /no adapter/);
  });
});
