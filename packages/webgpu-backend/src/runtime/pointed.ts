/** Of Bun's `bun:ffi`, which goes through this object at every call. */
export interface Ffi {
  ptr(view: ArrayBuffer | ArrayBufferView, ...more: unknown[]): unknown;
}

/** More than the descriptor of any call has parts. */
const PARTS = 256;
/** Bytes of the largest part: a kernel's text. What is larger is elements, which the caller holds. */
const LARGEST = 2 ** 18;

/**
 * Keeps the buffers of which a pointer was last taken. bun-webgpu 0.1.7 writes a descriptor's strings and lists to buffers of
 * their own and keeps nothing but their address, so that a collection before the native call frees what the call reads
 * (docs/decisions/bun-webgpu.md). All these pointers are taken within the call.
 */
export function keepPointedAt(ffi: Ffi): void {
  const { ptr } = ffi;
  const kept = new Array<unknown>(PARTS);
  let next = 0;
  const keeping: Ffi["ptr"] = (view, ...more) => {
    if (view.byteLength <= LARGEST) {
      kept[next] = view;
      next = (next + 1) % PARTS;
    }
    return ptr(view, ...more);
  };
  // Where it can be set: a later Bun may have it fixed.
  Reflect.set(ffi, "ptr", keeping);
}
