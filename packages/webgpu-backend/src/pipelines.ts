import {
  COMPUTE_STAGE,
  type GpuBindGroup,
  type GpuBindGroupLayout,
  type GpuBuffer,
  type GpuDevice,
  type GpuPipeline,
  type GpuPipelineLayout,
} from "./api.ts";
import type { Block } from "./storage.ts";
import { WINDOW } from "./uniforms.ts";

/** Bind groups kept; a training step needs a few dozen, the same ones at each step once the pool has settled. */
const GROUPS = 4096;

interface Layout {
  readonly group: GpuBindGroupLayout;
  readonly pipeline: GpuPipelineLayout;
}

/** Compiled kernels by key, and what binds their buffers. All kernels with as many buffers have one layout. */
export class Pipelines {
  readonly #device: GpuDevice;
  readonly #layouts: Layout[] = [];
  readonly #pipelines: Map<string, GpuPipeline> = new Map();
  readonly #groups: Map<string, GpuBindGroup> = new Map();

  constructor(device: GpuDevice) {
    this.#device = device;
  }

  /** Kernels compiled so far. */
  get size(): number {
    return this.#pipelines.size;
  }

  get(key: string, buffers: number, code: () => string): GpuPipeline {
    let pipeline = this.#pipelines.get(key);
    if (pipeline === undefined) {
      const module = this.#device.createShaderModule({ label: key, code: code() });
      pipeline = this.#device.createComputePipeline({
        label: key,
        layout: this.#layout(buffers).pipeline,
        compute: { module, entryPoint: "main" },
      });
      this.#pipelines.set(key, pipeline);
    }
    return pipeline;
  }

  bindGroup(blocks: readonly Block[], uniforms: GpuBuffer): GpuBindGroup {
    let key = "";
    for (let i = 0; i < blocks.length; i++) key += `${blocks[i].id},`;
    let group = this.#groups.get(key);
    if (group === undefined) {
      if (this.#groups.size >= GROUPS) this.#groups.clear();
      group = this.#device.createBindGroup({
        layout: this.#layout(blocks.length).group,
        entries: [
          ...blocks.map((block, binding) => ({ binding, resource: { buffer: block.buffer } })),
          { binding: blocks.length, resource: { buffer: uniforms, offset: 0, size: WINDOW } },
        ],
      });
      this.#groups.set(key, group);
    }
    return group;
  }

  /** Drops the bind groups: some of their buffers are about to be destroyed. */
  forgetGroups(): void {
    this.#groups.clear();
  }

  #layout(buffers: number): Layout {
    let layout = this.#layouts[buffers];
    if (layout === undefined) {
      const group = this.#device.createBindGroupLayout({
        entries: [
          ...Array.from({ length: buffers }, (_, binding) => ({
            binding,
            visibility: COMPUTE_STAGE,
            buffer: { type: "storage" as const },
          })),
          {
            binding: buffers,
            visibility: COMPUTE_STAGE,
            buffer: { type: "uniform" as const, hasDynamicOffset: true },
          },
        ],
      });
      layout = { group, pipeline: this.#device.createPipelineLayout({ bindGroupLayouts: [group] }) };
      this.#layouts[buffers] = layout;
    }
    return layout;
  }
}
