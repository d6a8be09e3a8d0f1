import { DeviceError } from "@flambeau/backend";
import type { Gpu, GpuAdapter, GpuAdapterOptions, GpuDevice } from "./api.ts";
import { proves } from "./proof.ts";
import { Stream } from "./stream.ts";

/** What kernels may ask for beyond the least that every adapter gives. */
const LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxDynamicStorageBuffersPerPipelineLayout",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupSizeY",
  "maxComputeWorkgroupSizeZ",
  // Of no use here, but bun-webgpu asks for more than the adapter has unless told.
  "maxStorageBuffersInFragmentStage",
  "maxStorageBuffersInVertexStage",
  "maxStorageTexturesInFragmentStage",
  "maxStorageTexturesInVertexStage",
];
const FEATURES = ["shader-f16", "subgroups"];

/**
 * Opens an adapter as a stream that has proven that it computes.
 *
 * @throws DeviceError when there is no adapter, or one that computes nothing.
 */
export async function openAdapter(
  gpu: Gpu,
  options: GpuAdapterOptions,
): Promise<{ adapter: GpuAdapter; stream: Stream }> {
  const adapter = await gpu.requestAdapter(options);
  if (adapter === null) throw new DeviceError("WebGPU has no adapter here: no GPU, or no driver for it");
  refuseNull(adapter);
  const device = await openDevice(adapter);
  const stream = new Stream(device);
  if (!(await proves(stream))) {
    device.destroy();
    throw new DeviceError(`the WebGPU adapter ${nameOf(adapter)} computes wrong results`);
  }
  return { adapter, stream };
}

async function openDevice(adapter: GpuAdapter): Promise<GpuDevice> {
  const requiredLimits: Record<string, number> = {};
  for (const name of LIMITS) {
    const limit = (adapter.limits as unknown as Record<string, number | undefined>)[name];
    if (limit !== undefined) requiredLimits[name] = limit;
  }
  return await adapter.requestDevice({
    label: "flambeau",
    requiredFeatures: FEATURES.filter((name) => adapter.features.has(name)),
    requiredLimits,
  });
}

/** An adapter of Dawn's null backend takes every command and does nothing. Bun gets it where there is no driver. */
function refuseNull(adapter: GpuAdapter): void {
  const { vendor, architecture, device, description } = adapter.info ?? {};
  const { backendType } = (adapter.info ?? {}) as { backendType?: unknown };
  for (const text of [vendor, architecture, device, description, backendType]) {
    if (typeof text === "string" && /\bnull\b/i.test(text)) {
      throw new DeviceError(
        "WebGPU has only a null adapter here, which computes nothing: no GPU, or no driver for it",
      );
    }
  }
}

function nameOf(adapter: GpuAdapter): string {
  const { vendor = "", architecture = "", description = "" } = adapter.info ?? {};
  return `"${[vendor, architecture, description].filter((part) => part !== "").join(" ")}"`;
}
