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

/** Bind groups kept; a training step needs a few dozen, the same ones at each step. */
const GROUPS = 4096;

interface Layout {
  readonly group: GpuBindGroupLayout;
  readonly pipeline: GpuPipelineLayout;
}

/**
 * Compiled kernels by key, and what binds their buffers. All kernels with as many buffers have one layout. As many blocks as
 * the GPU allows are bound at offsets told with each launch, so that small ones in one buffer share bind groups.
 */
export class Pipelines {
  readonly #device: GpuDevice;
  readonly #layouts: Layout[] = [];
  readonly #pipelines: Map<string, GpuPipeline> = new Map();
  readonly #groups: Map<string, GpuBindGroup> = new Map();
  /** Blocks bound at offsets told with each launch: the first ones. */
  readonly #movable: number;

  constructor(device: GpuDevice) {
    this.#device = device;
    this.#movable = device.limits.maxDynamicStorageBuffersPerPipelineLayout;
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
    for (let i = 0; i < blocks.length; i++) {
      const { id, bufferId, size } = blocks[i];
      key += i < this.#movable ? `${bufferId}:${size},` : `${id},`;
    }
    let group = this.#groups.get(key);
    if (group === undefined) {
      if (this.#groups.size >= GROUPS) this.#groups.clear();
      group = this.#device.createBindGroup({
        layout: this.#layout(blocks.length).group,
        entries: [
          ...blocks.map(({ buffer, start, size }, binding) => ({
            binding,
            resource: { buffer, offset: binding < this.#movable ? 0 : start, size },
          })),
          { binding: blocks.length, resource: { buffer: uniforms, offset: 0, size: WINDOW } },
        ],
      });
      this.#groups.set(key, group);
    }
    return group;
  }

  /** What the launch adds to where its group's bindings begin; the uniforms' comes last. */
  offsets(blocks: readonly Block[]): number[] {
    const offsets: number[] = [];
    for (let i = 0; i < blocks.length && i < this.#movable; i++) offsets.push(blocks[i].start);
    return offsets;
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
            buffer: { type: "storage" as const, hasDynamicOffset: binding < this.#movable },
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
