import type { GpuAdapterInfo } from "./api.ts";
import type { Stream } from "./stream.ts";

/**
 * An adapter that runs kernels on a CPU, told by its name. There a barrier is dear, for a workgroup's invocations take
 * turns on one thread; a workgroup's memory is no nearer than any other; and four invocations are one vector.
 */
export interface Software {
  /** Whether subgroups, of exactly four, can be used. */
  readonly hasFours: boolean;
  /** That run workgroups beside each other. */
  readonly cores: number;
}

let assumed: Software | "gpu" | null = null;

/** Lets kernels be chosen as if the adapter were of this kind, so that tests reach those for GPUs without one. */
export function assumeAdapter(kind: Software | "gpu" | null): void {
  assumed = kind;
}

const known: WeakMap<Stream, Software | "gpu"> = new WeakMap();

/** What is special about the adapter, or "gpu" where it is one. */
export function softwareOf(stream: Stream): Software | "gpu" {
  if (assumed !== null) return assumed;
  let software = known.get(stream);
  if (software === undefined) {
    const { adapterInfo: info } = stream.device as { readonly adapterInfo?: GpuAdapterInfo };
    const text = `${info?.vendor} ${info?.architecture} ${info?.device} ${info?.description}`.toLowerCase();
    const names = ["swiftshader", "llvmpipe", "lavapipe", "basic render"];
    const hasFours = stream.hasSubgroups && info?.subgroupMinSize === 4 && info.subgroupMaxSize === 4;
    const { navigator } = globalThis as { readonly navigator?: { readonly hardwareConcurrency?: number } };
    const cores = navigator?.hardwareConcurrency ?? 4;
    software = names.some((name) => text.includes(name)) ? { hasFours, cores } : "gpu";
    known.set(stream, software);
  }
  return software;
}

/** Invocations of a workgroup that work together on one line of elements. */
export function sharersOf(stream: Stream): number {
  return softwareOf(stream) === "gpu" ? 64 : 4;
}
