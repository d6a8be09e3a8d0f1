/**
 * WebGPU's JavaScript interface, as far as this package uses it. Declared here, because the types that TypeScript and
 * npm offer are globals: they would leak into every package, and a user's compiler would have to know them too.
 * `../types/webgpu.ts` holds them against these (docs/decisions/own-declarations.md). Source: W3C, "WebGPU".
 *
 * @module
 */

/** An entry point: `navigator.gpu`, or what Node's and Bun's packages make. */
export interface Gpu {
  requestAdapter(options?: GpuAdapterOptions): Promise<GpuAdapter | null>;
}

/** Which adapter is wanted. */
export interface GpuAdapterOptions {
  readonly powerPreference?: "low-power" | "high-performance";
  readonly forceFallbackAdapter?: boolean;
}

export interface GpuAdapter {
  readonly features: { has(name: string): boolean; readonly size: number };
  readonly limits: GpuLimits;
  readonly info?: GpuAdapterInfo;
  requestDevice(descriptor: GpuDeviceDescriptor): Promise<GpuDevice>;
}

/** A feature that kernels use where an adapter has it. */
export type Feature = "shader-f16" | "subgroups";

/** What a device must have. */
export interface GpuDeviceDescriptor {
  readonly label?: string;
  readonly requiredFeatures?: Feature[];
  readonly requiredLimits?: Record<string, number>;
}

/** What an adapter tells of itself. */
export interface GpuAdapterInfo {
  readonly vendor?: string;
  readonly architecture?: string;
  readonly device?: string;
  readonly description?: string;
  readonly subgroupMinSize?: number;
  readonly subgroupMaxSize?: number;
}

/** The limits that kernels and memory have to keep to. */
export interface GpuLimits {
  readonly maxBufferSize: number;
  readonly maxStorageBufferBindingSize: number;
  readonly maxStorageBuffersPerShaderStage: number;
  readonly maxDynamicStorageBuffersPerPipelineLayout: number;
  readonly maxComputeWorkgroupStorageSize: number;
  readonly maxComputeInvocationsPerWorkgroup: number;
  readonly maxComputeWorkgroupSizeX: number;
  readonly maxComputeWorkgroupSizeY: number;
  readonly maxComputeWorkgroupSizeZ: number;
  readonly maxComputeWorkgroupsPerDimension: number;
  readonly minUniformBufferOffsetAlignment: number;
}

export interface GpuDevice {
  readonly limits: GpuLimits;
  readonly features: { has(name: string): boolean };
  readonly queue: GpuQueue;
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
  onuncapturederror: unknown;
  createBuffer(descriptor: {
    label?: string;
    size: number;
    usage: number;
    mappedAtCreation?: boolean;
  }): GpuBuffer;
  createShaderModule(descriptor: { label?: string; code: string }): GpuShaderModule;
  createBindGroupLayout(descriptor: { entries: GpuLayoutEntry[] }): GpuBindGroupLayout;
  createPipelineLayout(descriptor: { bindGroupLayouts: GpuBindGroupLayout[] }): GpuPipelineLayout;
  createComputePipeline(descriptor: {
    label?: string;
    layout: GpuPipelineLayout;
    compute: { module: GpuShaderModule; entryPoint: string };
  }): GpuPipeline;
  createBindGroup(descriptor: { layout: GpuBindGroupLayout; entries: GpuBindEntry[] }): GpuBindGroup;
  createCommandEncoder(): GpuEncoder;
  destroy(): void;
}

export interface GpuQueue {
  writeBuffer(
    buffer: GpuBuffer,
    offset: number,
    data: ArrayBufferView | ArrayBuffer,
    dataOffset?: number,
    size?: number,
  ): void;
  submit(commands: GpuCommands[]): void;
  onSubmittedWorkDone(): Promise<unknown>;
}

export interface GpuBuffer {
  readonly size: number;
  mapAsync(mode: number, offset?: number, size?: number): Promise<unknown>;
  getMappedRange(offset?: number, size?: number): ArrayBuffer;
  unmap(): void;
  destroy(): void;
}

export interface GpuEncoder {
  beginComputePass(): GpuPass;
  copyBufferToBuffer(
    from: GpuBuffer,
    fromOffset: number,
    to: GpuBuffer,
    toOffset: number,
    size: number,
  ): void;
  clearBuffer(buffer: GpuBuffer, offset?: number, size?: number): void;
  finish(): GpuCommands;
}

export interface GpuPass {
  setPipeline(pipeline: GpuPipeline): void;
  setBindGroup(index: number, group: GpuBindGroup, dynamicOffsets?: number[]): void;
  dispatchWorkgroups(x: number, y?: number, z?: number): void;
  end(): void;
}

export interface GpuLayoutEntry {
  readonly binding: number;
  readonly visibility: number;
  readonly buffer: { readonly type: "storage" | "uniform"; readonly hasDynamicOffset?: boolean };
}

export interface GpuBindEntry {
  readonly binding: number;
  readonly resource: { readonly buffer: GpuBuffer; readonly offset?: number; readonly size?: number };
}

// Objects that are only handed on.
export interface GpuShaderModule {
  getCompilationInfo?(): Promise<unknown>;
}
export interface GpuBindGroupLayout {
  readonly label?: string;
}
export interface GpuPipelineLayout {
  readonly label?: string;
}
export interface GpuPipeline {
  readonly label?: string;
}
export interface GpuBindGroup {
  readonly label?: string;
}
export interface GpuCommands {
  readonly label?: string;
}

/** The flags of `GPUBufferUsage`. */
export const usage = { mapRead: 1, copySource: 4, copyTarget: 8, uniform: 64, storage: 128 } as const;
/** `GPUMapMode.READ`. */
export const MAP_READ = 1;
/** `GPUShaderStage.COMPUTE`. */
export const COMPUTE_STAGE = 4;
