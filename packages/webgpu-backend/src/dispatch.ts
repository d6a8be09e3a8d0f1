import type { Strided } from "@flambeau/backend";
import { type GpuStorage, storageOf } from "./storage.ts";

/** One run of a kernel. */
export interface Dispatch {
  /** Identifies the pipeline: the same key means the same code. */
  readonly key: string;
  /** The WGSL, asked for on the first use of the key; its entry point is `main`. */
  readonly code: () => string;
  /** `@group(0) @binding(i)` in order, each `var<storage, read_write>`; no buffer twice. */
  readonly buffers: readonly GpuStorage[];
  /** u32 words at `@binding(buffers.length)`, `var<uniform>`; floats as bit patterns. At most 1024. */
  readonly uniforms: readonly number[];
  /** Whether `buffers`, all of them small, stand for the buffers of which they are parts: each of these is bound once, as f32. */
  readonly isWhole?: boolean;
  readonly workgroups: readonly [x: number, y: number, z: number];
  /**
   * Whether the kernel reports errors of data: the error buffer (`ERRORS_TYPE`) is then at `@binding(buffers.length)`, and
   * the uniforms are one further.
   */
  readonly errors?: boolean;
}

/** Operands as bindings: WebGPU forbids binding one buffer twice where one of them is written. */
export interface Binding {
  readonly buffers: GpuStorage[];
  /** By operand, the binding at which its elements are. */
  readonly slots: number[];
}

/** @throws DeviceError when an operand was disposed. */
export function bind(operands: readonly Strided[]): Binding {
  const buffers: GpuStorage[] = [];
  const slots = operands.map((operand) => {
    const storage = storageOf(operand);
    const known = buffers.indexOf(storage);
    return known >= 0 ? known : buffers.push(storage) - 1;
  });
  return { buffers, slots };
}

/** Workgroups a dimension that every adapter has. */
const ROW = 65535;

/**
 * A grid of at least so many workgroups. In the kernel `GROUP` is a workgroup's number; the last row of the grid may
 * have more than there is work for.
 */
export function grid(groups: number): [x: number, y: number, z: number] {
  if (groups <= ROW) return [groups, 1, 1];
  const rows = Math.ceil(groups / ROW);
  return [Math.ceil(groups / rows), rows, 1];
}

/** The parameters of an entry point that uses `GROUP`. */
export const GRID_PARAMETERS =
  "@builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) grid: vec3<u32>, @builtin(local_invocation_index) lane: u32";
/** A workgroup's number in a grid made by `grid`; `lane` is the invocation's in its workgroup. */
export const GROUP = "(wid.x + wid.y * grid.x)";

const words = new DataView(new ArrayBuffer(4));

/** The bit pattern of a float32, as a uniform. */
export function floatBits(x: number): number {
  words.setFloat32(0, x);
  return words.getUint32(0);
}
