import type { Gpu } from "../api.ts";
import { type Ffi, keepPointedAt } from "./pointed.ts";

/** Bun has no WebGPU of its own: npm's `bun-webgpu` (Dawn) makes it. Null where the package is not installed. */
export async function bunGpu(): Promise<Gpu | null> {
  // Not a literal, or bundlers for browsers would look for the package.
  const name = "bun-webgpu";
  let module: { createGPUInstance(): Gpu; globalConstructors?: { AbortError?: unknown } };
  try {
    module = await import(/* @vite-ignore */ /* webpackIgnore: true */ name);
  } catch {
    return null;
  }
  const { FFI } = (globalThis as unknown as { Bun: { FFI?: Ffi } }).Bun;
  if (FFI !== undefined) keepPointedAt(FFI);
  // It names this global when a device is lost, and only its own set-up of all globals would define it.
  const globals = globalThis as { AbortError?: unknown };
  globals.AbortError ??= module.globalConstructors?.AbortError;
  return module.createGPUInstance();
}
