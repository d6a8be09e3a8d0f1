import type { FileParts } from "@flambeau/serialization";

/** Bytes as a file of one part. */
export function inMemory(bytes: Uint8Array): FileParts {
  return {
    size: bytes.length,
    async *parts() {
      yield bytes;
    },
  };
}
