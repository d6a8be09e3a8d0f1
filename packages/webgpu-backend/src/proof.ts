import type { Backend } from "@flambeau/backend";
import { GpuStorage } from "./storage.ts";
import type { Stream } from "./stream.ts";

const CODE = `
@group(0) @binding(0) var<storage, read_write> data: array<u32>;
@group(0) @binding(1) var<uniform> seed: vec4<u32>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  data[id.x] = data[id.x] * seed.x + id.x;
}`;

/** Whether the device really computes: some adapters take all commands and do none. */
export async function proves(stream: Stream): Promise<boolean> {
  const n = 64;
  const block = stream.pool.take(4 * n, stream.limits.maxBufferSize, stream.batch);
  const storage = new GpuStorage(undefined as unknown as Backend, "int32", n, block);
  stream.write(
    block,
    Uint32Array.from({ length: n }, (_, i) => 1000 + i),
  );
  stream.launch({ key: "proof", code: () => CODE, buffers: [storage], uniforms: [7], workgroups: [1, 1, 1] });
  const bytes = await stream.read({ block, offset: 0, bytes: 4 * n });
  stream.pool.give(block);
  return new Uint32Array(bytes.buffer).every((word, i) => word === (1000 + i) * 7 + i);
}
