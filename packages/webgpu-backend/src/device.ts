import { DeviceError, registerBackend, unregisterBackend, ValueError } from "@flambeau/backend";
import type { GpuAdapter, GpuAdapterInfo } from "./api.ts";
import type { WebGpuBackend } from "./backend.ts";
import { findGpu } from "./runtime/find.ts";
import type { Stream, StreamStats } from "./stream.ts";

/** What `init` can be given. */
export interface WebGpuOptions {
  /** A laptop's thrifty or its fast GPU. */
  readonly powerPreference?: "low-power" | "high-performance";
  /** Insist on the adapter that runs in software, where there is one. */
  readonly forceFallbackAdapter?: boolean;
  /**
   * Bytes that may be taken in one turn of the event loop, that is without an `await` in between, and not be given back by
   * then; more is a DeviceError, and a quarter of it a warning. A loop that never awaits keeps all it drops. Default: 16
   * GiB on a GPU, 4 GiB where the adapter runs in software.
   */
  readonly memoryPerTurn?: number;
}

/** What is known of the GPU in use. */
export interface WebGpuInfo {
  /** Who made the GPU; empty where the browser does not tell. */
  readonly vendor: string;
  /** Which family of GPUs it is of; empty where the browser does not tell. */
  readonly architecture: string;
  /** The GPU by number or name; mostly empty. */
  readonly device: string;
  /** The GPU in words; mostly empty. */
  readonly description: string;
  /** Whether tensors can be float16. */
  readonly float16: boolean;
  /** Whether kernels use subgroups. */
  readonly subgroups: boolean;
  /** Bytes that one tensor can have. */
  readonly maxTensorBytes: number;
}

interface Open {
  readonly adapter: GpuAdapter;
  readonly stream: Stream;
  readonly backend: WebGpuBackend;
}

let open: Open | null = null;
let opening: Promise<Open> | null = null;

/**
 * Sets the GPU up as device "webgpu", where it is not already, and makes it known by that name. It is proven
 * with a computed result first. After the GPU was lost (a driver's reset, a closed lid), this opens it again; tensors that
 * were on it are gone.
 *
 * @throws DeviceError when there is no WebGPU, with what to install, or no adapter that computes; ValueError when
 *   `memoryPerTurn` is no positive number.
 *
 * @example
 * ```ts
 * import { webgpu } from "flambeau";
 *
 * try {
 *   await webgpu.init({ powerPreference: "high-performance" });
 * } catch (error) {
 *   console.log(`staying on the CPU: ${(error as Error).message}`);
 * }
 * ```
 */
export async function init(options: WebGpuOptions = {}): Promise<WebGpuBackend> {
  const { memoryPerTurn } = options;
  if (memoryPerTurn !== undefined && !(typeof memoryPerTurn === "number" && memoryPerTurn > 0)) {
    throw new ValueError(`webgpu.init: memoryPerTurn is a positive number of bytes; got ${memoryPerTurn}`);
  }
  if (open !== null && !open.stream.lost) return open.backend;
  opening ??= openDevice(options).finally(() => {
    opening = null;
  });
  open = await opening;
  return open.backend;
}

/** All that a program without a GPU does not need is loaded here. */
async function openDevice(options: WebGpuOptions): Promise<Open> {
  const [{ openAdapter }, { WebGpuBackend }] = await Promise.all([
    import("./adapter.ts"),
    import("./backend.ts"),
  ]);
  const { memoryPerTurn, ...adapterOptions } = options;
  const { adapter, stream } = await openAdapter(await findGpu(), adapterOptions);
  const backend = new WebGpuBackend(stream, { memoryPerTurn });
  registerBackend(backend);
  stream.device.lost.then(() => {
    if (open?.backend === backend) forget();
  });
  return { adapter, stream, backend };
}

function forget(): void {
  if (open !== null) unregisterBackend(open.backend.name);
  open = null;
}

/**
 * Whether there is a GPU that computes; it is then set up, so that "webgpu" can be used at once.
 *
 * @example
 * ```ts
 * import { ones, webgpu } from "flambeau";
 *
 * const device = (await webgpu.isAvailable()) ? "webgpu" : "cpu";
 * const x = ones([2, 2], { device });
 * console.log(await x.sum().item());
 * // 4
 * ```
 */
export async function isAvailable(): Promise<boolean> {
  try {
    await init();
    return true;
  } catch (error) {
    if (error instanceof DeviceError) return false;
    throw error;
  }
}

/**
 * What is known of the GPU in use.
 *
 * @throws DeviceError before `init` or `isAvailable`.
 *
 * @example
 * ```ts
 * import { webgpu } from "flambeau";
 *
 * if (await webgpu.isAvailable()) {
 *   const { vendor, architecture, maxTensorBytes } = webgpu.info();
 *   console.log(`${vendor} ${architecture}, tensors up to ${maxTensorBytes / 2 ** 20} MiB`);
 * }
 * ```
 */
export function info(): WebGpuInfo {
  const { adapter, stream } = current();
  const {
    vendor = "",
    architecture = "",
    device = "",
    description = "",
  }: GpuAdapterInfo = adapter.info ?? {};
  const { maxBufferSize, maxStorageBufferBindingSize } = stream.limits;
  return {
    vendor,
    architecture,
    device,
    description,
    float16: stream.hasFloat16,
    subgroups: stream.hasSubgroups,
    maxTensorBytes: Math.min(maxBufferSize, maxStorageBufferBindingSize),
  };
}

/**
 * What the GPU was given to do since it was set up: kernel launches, submissions, kernels compiled, and the bytes of all
 * its buffers.
 *
 * @throws DeviceError before `init` or `isAvailable`.
 *
 * @example
 * ```ts
 * import { ones, webgpu } from "flambeau";
 *
 * if (await webgpu.isAvailable()) {
 *   await ones([1000], { device: "webgpu" }).exp().sum().item();
 *   console.log(webgpu.stats());
 * }
 * ```
 */
export function stats(): StreamStats {
  return current().stream.stats();
}

/**
 * Gives the GPU back: all tensors on it are gone, reads that wait reject, and `init` opens it anew. Nothing happens where
 * it is not set up.
 *
 * @example
 * ```ts
 * import { webgpu } from "flambeau";
 *
 * if (await webgpu.isAvailable()) {
 *   webgpu.destroy();
 *   await webgpu.init(); // a fresh start
 * }
 * ```
 */
export function destroy(): void {
  open?.stream.close();
  forget();
}

function current(): Open {
  if (open !== null && !open.stream.lost) return open;
  throw new DeviceError("the GPU is not set up: await webgpu.isAvailable() or webgpu.init() first");
}
