import type { Gpu } from "../api.ts";

/** Node has no WebGPU of its own: npm's `webgpu` (Dawn) makes it. Null where the package is not installed. */
export async function nodeGpu(): Promise<Gpu | null> {
  // Not a literal, or bundlers for browsers would look for the package.
  const name = "webgpu";
  let module: { create(flags: string[]): Gpu };
  try {
    module = await import(/* @vite-ignore */ /* webpackIgnore: true */ name);
  } catch {
    return null;
  }
  return module.create([]);
}
