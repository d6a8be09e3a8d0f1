/** Writes GGUF files as tests need them, also such as no program would write. Source: ggml, docs/gguf.md. */
import { joined } from "./files.ts";

export interface GgufTensor {
  readonly name: string;
  /** The number of ggml's type. */
  readonly type: number;
  /** The innermost dimension first. */
  readonly dims: readonly number[];
  readonly bytes: Uint8Array;
  /** Where it begins, if not after the one before. */
  readonly offset?: number;
}

/** A value of metadata: its type's number, and its bytes. */
export type GgufPair = readonly [key: string, type: number, bytes: Uint8Array];

export const uint32 = (n: number): Uint8Array => new Uint8Array(new Uint32Array([n]).buffer);
export const uint64 = (n: number | bigint): Uint8Array =>
  new Uint8Array(new BigUint64Array([BigInt(n)]).buffer);
export const text = (s: string): Uint8Array => {
  const bytes = new TextEncoder().encode(s);
  return joined(uint64(bytes.length), bytes);
};

export function ggufFile(
  tensors: readonly GgufTensor[],
  pairs: readonly GgufPair[] = [],
  { version = 3, alignment = 32, count = tensors.length, pairCount = pairs.length } = {},
): Uint8Array {
  let end = 0;
  const infos = tensors.map(({ name, type, dims, bytes, offset = end }) => {
    end = Math.ceil((offset + bytes.length) / alignment) * alignment;
    return joined(text(name), uint32(dims.length), ...dims.map(uint64), uint32(type), uint64(offset));
  });
  const head = joined(
    uint32(0x46554747),
    uint32(version),
    uint64(count),
    uint64(pairCount),
    ...pairs.map(([key, type, bytes]) => joined(text(key), uint32(type), bytes)),
    ...infos,
  );
  const begin = Math.ceil(head.length / alignment) * alignment;
  const file = new Uint8Array(begin + end);
  file.set(head);
  let at = 0;
  for (const { bytes, offset = at } of tensors) {
    file.set(bytes, begin + offset);
    at = Math.ceil((offset + bytes.length) / alignment) * alignment;
  }
  return file;
}
