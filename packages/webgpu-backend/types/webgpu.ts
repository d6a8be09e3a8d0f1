/**
 * Holds `src/api.ts` against @webgpu/types, for a compiler only: WebGPU's objects do what the package's interfaces say, with the
 * arguments that these allow. Only handles are taken for WebGPU's own: they come from it.
 */
import type * as api from "../src/api.ts";

declare const gpu: GPU;
declare const adapter: GPUAdapter;
declare const device: GPUDevice;
declare const queue: GPUQueue;
declare const buffer: GPUBuffer;
declare const encoder: GPUCommandEncoder;
declare const pass: GPUComputePassEncoder;
/** A handle, or several, as WebGPU has made it. */
declare function real<T>(handle: object): T;

export const adapterFor = (options?: api.GpuAdapterOptions): Promise<GPUAdapter | null> =>
  gpu.requestAdapter(options);

export const anAdapter: Omit<api.GpuAdapter, "requestDevice"> = adapter;
export const requested = (descriptor: api.GpuDeviceDescriptor): Promise<GPUDevice> =>
  adapter.requestDevice(descriptor);

export const aDevice: api.GpuDevice = {
  limits: device.limits,
  features: device.features,
  queue: {
    writeBuffer: (to, offset, data, dataOffset, size) =>
      queue.writeBuffer(real(to), offset, data, dataOffset, size),
    submit: (commands) => queue.submit(real<GPUCommandBuffer[]>(commands)),
    onSubmittedWorkDone: () => queue.onSubmittedWorkDone(),
  },
  lost: device.lost,
  onuncapturederror: device.onuncapturederror,
  createBuffer: (descriptor): api.GpuBuffer => device.createBuffer(descriptor),
  createShaderModule: (descriptor): api.GpuShaderModule => device.createShaderModule(descriptor),
  createBindGroupLayout: (descriptor): api.GpuBindGroupLayout => device.createBindGroupLayout(descriptor),
  createPipelineLayout: ({ bindGroupLayouts }): api.GpuPipelineLayout =>
    device.createPipelineLayout({ bindGroupLayouts: real<GPUBindGroupLayout[]>(bindGroupLayouts) }),
  createComputePipeline: ({ layout, compute: { module, ...compute }, ...rest }): api.GpuPipeline =>
    device.createComputePipeline({
      ...rest,
      layout: real<GPUPipelineLayout>(layout),
      compute: { ...compute, module: real(module) },
    }),
  createBindGroup: ({ layout, entries }): api.GpuBindGroup =>
    device.createBindGroup({
      layout: real(layout),
      entries: entries.map(({ binding, resource }) => ({
        binding,
        resource: { ...resource, buffer: real<GPUBuffer>(resource.buffer) },
      })),
    }),
  createCommandEncoder: (): api.GpuEncoder => anEncoder,
  destroy: () => device.destroy(),
};

export const aBuffer: api.GpuBuffer = buffer;

const anEncoder: api.GpuEncoder = {
  beginComputePass: (): api.GpuPass => aPass,
  copyBufferToBuffer: (from, fromOffset, to, toOffset, size) =>
    encoder.copyBufferToBuffer(real<GPUBuffer>(from), fromOffset, real<GPUBuffer>(to), toOffset, size),
  clearBuffer: (one, offset, size) => encoder.clearBuffer(real(one), offset, size),
  finish: (): api.GpuCommands => encoder.finish(),
};

const aPass: api.GpuPass = {
  setPipeline: (pipeline) => pass.setPipeline(real(pipeline)),
  setBindGroup: (index, group, offsets) => pass.setBindGroup(index, real<GPUBindGroup>(group), offsets),
  dispatchWorkgroups: (x, y, z) => pass.dispatchWorkgroups(x, y, z),
  end: () => pass.end(),
};
