import { DeviceError } from "@flambeau/backend";
import type { Gpu } from "../api.ts";
import { bunGpu } from "./bun.ts";
import { nodeGpu } from "./node.ts";
import { webGpu } from "./web.ts";

interface Runtimes {
  readonly Bun?: unknown;
  readonly Deno?: unknown;
  readonly process?: { readonly versions?: { readonly node?: string } };
}

let found: Promise<Gpu> | null = null;

/**
 * This runtime's entry to WebGPU, made once.
 *
 * @throws DeviceError when there is none, with what to do.
 */
export function findGpu(): Promise<Gpu> {
  found ??= find().catch((error: Error) => {
    found = null;
    throw error;
  });
  return found;
}

async function find(): Promise<Gpu> {
  const own = webGpu();
  if (own !== null) return own;
  const { Bun, Deno, process } = globalThis as Runtimes;
  if (Bun !== undefined) {
    return (await bunGpu()) ?? missing("Bun has no WebGPU of its own: `bun add bun-webgpu` brings it");
  }
  if (Deno !== undefined)
    return missing("this Deno has no WebGPU: start it with `--unstable-webgpu`, or update it");
  if (process?.versions?.node !== undefined) {
    return (await nodeGpu()) ?? missing("Node has no WebGPU of its own: `npm install webgpu` brings it");
  }
  return missing(
    "this browser has no WebGPU here: it needs a current browser, and a page from https or localhost",
  );
}

function missing(advice: string): never {
  throw new DeviceError(`no WebGPU: ${advice}`);
}
