import assert from "node:assert/strict";
import { test } from "node:test";
import type { GpuAdapter, GpuBuffer, GpuDevice, GpuEncoder, GpuPass, GpuQueue } from "../src/api.ts";
import { COMPUTE_STAGE, MAP_READ, usage } from "../src/api.ts";
import { findGpu } from "../src/runtime/find.ts";
import { skip } from "./adapter.ts";

test("a runtime's WebGPU has what the declarations say", { skip }, async () => {
  const has = (object: object, names: readonly string[]): void => {
    for (const name of names) assert.ok(name in object, name);
  };
  const adapter = (await (await findGpu()).requestAdapter()) as GpuAdapter;
  has(adapter, ["features", "limits", "info", "requestDevice"] satisfies (keyof GpuAdapter)[]);
  const device = await adapter.requestDevice({});
  const methods = ["createBuffer", "createShaderModule", "createComputePipeline", "createBindGroup"] as const;
  has(device, [...methods, "lost", "queue", "limits", "destroy"] satisfies (keyof GpuDevice)[]);
  has(device.queue, ["writeBuffer", "submit", "onSubmittedWorkDone"] satisfies (keyof GpuQueue)[]);
  const encoder = device.createCommandEncoder();
  has(encoder, ["copyBufferToBuffer", "clearBuffer", "finish"] satisfies (keyof GpuEncoder)[]);
  const pass = encoder.beginComputePass();
  has(pass, ["setPipeline", "setBindGroup", "dispatchWorkgroups", "end"] satisfies (keyof GpuPass)[]);
  pass.end();
  const buffer = device.createBuffer({ size: 16, usage: usage.mapRead | usage.copyTarget });
  has(buffer, ["mapAsync", "getMappedRange", "unmap", "destroy"] satisfies (keyof GpuBuffer)[]);
  assert.equal(MAP_READ + COMPUTE_STAGE, 5);
  device.destroy();
});
