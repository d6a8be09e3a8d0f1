import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openAdapter } from "../src/adapter.ts";
import { findGpu } from "../src/runtime/find.ts";
import { type Ffi, keepPointedAt } from "../src/runtime/pointed.ts";
import { skip } from "./adapter.ts";

interface BunGlobal {
  gc(atOnce: boolean): void;
  readonly FFI: Ffi;
}
const { Bun } = globalThis as { readonly Bun?: BunGlobal };

describe("buffers of which bun-webgpu took a pointer", () => {
  test("go through with everything else as it was", () => {
    const calls: unknown[][] = [];
    const ffi: Ffi = {
      ptr(...all) {
        calls.push(all);
        return calls.length;
      },
    };
    keepPointedAt(ffi);
    const [small, large] = [new Uint8Array(4), new ArrayBuffer(2 ** 20)];
    assert.equal(ffi.ptr(small, 2), 1);
    assert.equal(ffi.ptr(large), 2);
    assert.deepEqual(calls, [[small, 2], [large]]);
  });

  const reason = Bun === undefined ? "only Bun's WebGPU goes through pointers" : skip;
  test("outlive a collection before the native call", { skip: reason }, async () => {
    const { FFI, gc } = Bun as BunGlobal;
    const gpu = await findGpu();
    const { ptr } = FFI;
    let taken = 0;
    let junk: unknown;
    // A collection and new buffers in place of what it freed, whenever a pointer was taken.
    FFI.ptr = (...all) => {
      const pointer = ptr(...all);
      taken++;
      gc(true);
      junk = Array.from({ length: 2000 }, (_, i) => new Uint8Array(8 + (i % 64)).fill(0xab));
      return pointer;
    };
    try {
      for (let i = 0; i < 3; i++) {
        const { stream } = await openAdapter(gpu, {});
        stream.device.destroy();
      }
    } finally {
      FFI.ptr = ptr;
    }
    assert.ok(taken > 30 && junk !== undefined);
  });
});
