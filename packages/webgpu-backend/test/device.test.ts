import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DeviceError, hasBackend, registeredBackend } from "@flambeau/backend";
import { destroy, info, init, isAvailable, stats } from "@flambeau/webgpu-backend";
import { openAdapter, openDevice } from "../src/adapter.ts";
import type { Gpu, GpuAdapter, GpuDevice, GpuDeviceDescriptor } from "../src/api.ts";
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

/** WebGPU whose adapters give no device until the `succeeds`-th request. */
class Failing implements Gpu {
  readonly requests: GpuDeviceDescriptor[] = [];
  adapters = 0;
  readonly device: GpuDevice = {} as GpuDevice;
  readonly #succeeds: number;
  readonly #error: Error;
  readonly #features: readonly string[][];

  /** `features` are what adapters have at one reading after the other. */
  constructor(succeeds: number, error: Error, features: readonly string[][] = [[]]) {
    this.#succeeds = succeeds;
    this.#error = error;
    this.#features = features;
  }

  async requestAdapter(): Promise<GpuAdapter> {
    this.adapters++;
    let readings = 0;
    let isUsed = false;
    const next = (): Set<string> => new Set(this.#features[readings++ % this.#features.length]);
    return {
      limits: { maxBufferSize: 2 ** 28 } as GpuAdapter["limits"],
      info: { vendor: "test" },
      get features() {
        return next();
      },
      requestDevice: async (descriptor) => {
        assert.equal(isUsed, false, "an adapter gives one device");
        isUsed = true;
        this.requests.push(descriptor);
        if (this.requests.length < this.#succeeds) throw this.#error;
        return this.device;
      },
    };
  }
}

describe("an adapter", () => {
  const operationError = Object.assign(new Error("no device now"), { name: "OperationError" });

  test("that fails to give a device is requested again, three times in all", async () => {
    const third = new Failing(3, operationError);
    const { adapter, device } = await openDevice(third, {});
    assert.equal(device, third.device);
    assert.equal(adapter.info?.vendor, "test");
    assert.deepEqual([third.adapters, third.requests.length], [3, 3]);
    const never = new Failing(4, operationError);
    await assert.rejects(openDevice(never, {}), (error: Error) => {
      assert.ok(error instanceof DeviceError);
      assert.match(error.message, /"test" gives no device: no device now/);
      assert.equal(error.cause, operationError);
      return true;
    });
    assert.equal(never.adapters, 3);
  });

  test("that refuses for another reason is not", async () => {
    const refused = new Failing(2, new TypeError("no such limit"));
    await assert.rejects(openDevice(refused, {}), /gives no device: no such limit/);
    assert.equal(refused.adapters, 1);
  });

  test("gives the features it has, also where one of two readings fails, and none is no list", async () => {
    for (const readings of [
      [["subgroups", "other"], []],
      [[], ["subgroups", "other"]],
    ]) {
      const gpu = new Failing(1, operationError, readings);
      await openDevice(gpu, {});
      assert.deepEqual(gpu.requests, [
        { label: "flambeau", requiredFeatures: ["subgroups"], requiredLimits: { maxBufferSize: 2 ** 28 } },
      ]);
    }
    const plain = new Failing(1, operationError, [["other"]]);
    await openDevice(plain, {});
    assert.equal("requiredFeatures" in plain.requests[0], false);
  });
});

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
