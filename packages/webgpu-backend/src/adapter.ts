import { DeviceError } from "@flambeau/backend";
import type { Feature, Gpu, GpuAdapter, GpuAdapterOptions, GpuDevice, GpuDeviceDescriptor } from "./api.ts";
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
const FEATURES: readonly Feature[] = ["shader-f16", "subgroups"];
/** How often a device is requested, each time of a fresh adapter: bun-webgpu may fail once in a while (`runtime/pointed.ts`). */
const TRIES = 3;

/**
 * Opens an adapter as a stream that has proven that it computes.
 *
 * @throws DeviceError when there is no adapter, or one that gives no device or computes nothing.
 */
export async function openAdapter(
  gpu: Gpu,
  options: GpuAdapterOptions,
): Promise<{ adapter: GpuAdapter; stream: Stream }> {
  const { adapter, device } = await openDevice(gpu, options);
  const stream = new Stream(device);
  if (!(await proves(stream))) {
    device.destroy();
    throw new DeviceError(`the WebGPU adapter ${nameOf(adapter)} computes wrong results`);
  }
  return { adapter, stream };
}

/**
 * A device of a fresh adapter.
 *
 * @throws DeviceError when there is no adapter, or it gives no device.
 */
export async function openDevice(
  gpu: Gpu,
  options: GpuAdapterOptions,
): Promise<{ adapter: GpuAdapter; device: GpuDevice }> {
  for (let tries = 1; ; tries++) {
    const adapter = await gpu.requestAdapter(options);
    if (adapter === null) throw new DeviceError("WebGPU has no adapter here: no GPU, or no driver for it");
    refuseNull(adapter);
    try {
      return { adapter, device: await adapter.requestDevice(descriptorFor(adapter)) };
    } catch (error) {
      const { name, message } = error as Error;
      if (name === "OperationError" && tries < TRIES) continue;
      throw new DeviceError(`the WebGPU adapter ${nameOf(adapter)} gives no device: ${message}`, {
        cause: error,
      });
    }
  }
}

function descriptorFor(adapter: GpuAdapter): GpuDeviceDescriptor {
  const requiredLimits: Record<string, number> = {};
  for (const name of LIMITS) {
    const limit = (adapter.limits as unknown as Record<string, number | undefined>)[name];
    if (limit !== undefined) requiredLimits[name] = limit;
  }
  const features = featuresOf(adapter);
  const requiredFeatures = FEATURES.filter((name) => features.has(name));
  return {
    label: "flambeau",
    requiredLimits,
    ...(requiredFeatures.length > 0 ? { requiredFeatures } : {}),
  };
}

/** The longer of two readings: bun-webgpu has no features where the first one fails. */
function featuresOf(adapter: GpuAdapter): GpuAdapter["features"] {
  const [first, second] = [adapter.features, adapter.features];
  return second.size > first.size ? second : first;
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
