import { init, isAvailable, type WebGpuBackend } from "@flambeau/webgpu-backend";

const isThere = await isAvailable();

/** Why tests of the GPU are skipped. Where CI is "true" they are not, and fail without an adapter. */
export const skip: false | string =
  isThere || process.env.CI === "true" ? false : "no WebGPU adapter on this machine";

/** The GPU under test, where tests are not skipped. */
export const gpu: WebGpuBackend = skip ? (undefined as never) : await init();
