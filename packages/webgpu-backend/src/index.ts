/**
 * Flambeau's GPU device: WebGPU, which browsers and Deno have, and Node and Bun get from npm's `webgpu` and `bun-webgpu`.
 *
 * @module
 */
export type { WebGpuBackend } from "./backend.ts";
export { destroy, info, init, isAvailable, stats, type WebGpuInfo, type WebGpuOptions } from "./device.ts";
export type { StreamStats } from "./stream.ts";
