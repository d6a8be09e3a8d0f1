/**
 * The types of tensors: how many elements and bytes a block has, and what its elements are.
 * Source: ggml, docs/gguf.md for the numbers of types, src/ggml-common.h for blocks, src/ggml-quants.c for what they stand for.
 *
 * @module
 */
import { type DType, halfValue, type TypedArray } from "@flambeau/backend";
import { elementsOf } from "../elements.ts";

export interface BlockType {
  /** PyTorch's name of a dtype, or ggml's of a quantization. */
  readonly name: string;
  /** Elements of a block, and its bytes. */
  readonly elements: number;
  readonly bytes: number;
  /** What its elements are read as. */
  readonly dtype: DType;
  decode(bytes: Uint8Array): TypedArray;
}

function plain(name: string): BlockType {
  const { size, dtype, decode } = elementsOf(name) as NonNullable<ReturnType<typeof elementsOf>>;
  return { name, elements: 1, bytes: size, dtype, decode };
}

/** Writes the elements of the block that begins at `at` to `out`, from `to` on. */
type Block = (bytes: Uint8Array, at: number, out: Float32Array, to: number) => void;

function quantized(name: string, elements: number, size: number, block: Block): BlockType {
  return {
    name,
    elements,
    bytes: size,
    dtype: "float32",
    decode(bytes) {
      const count = bytes.length / size;
      const out = new Float32Array(count * elements);
      for (let i = 0; i < count; i++) block(bytes, i * size, out, i * elements);
      return out;
    },
  };
}

const half = (bytes: Uint8Array, at: number): number =>
  halfValue("float16")(bytes[at] | (bytes[at + 1] << 8));
const int8 = (byte: number): number => (byte << 24) >> 24;

/** 32 elements: a scale, and 8 bits each. */
const q8_0: Block = (bytes, at, out, to) => {
  const d = half(bytes, at);
  for (let i = 0; i < 32; i++) out[to + i] = d * int8(bytes[at + 2 + i]);
};

/** 32 elements: a scale, and 4 bits each, of which 8 stands for 0. The first half is in the lower bits. */
const q4_0: Block = (bytes, at, out, to) => {
  const d = half(bytes, at);
  for (let i = 0; i < 16; i++) {
    const pair = bytes[at + 2 + i];
    out[to + i] = d * ((pair & 15) - 8);
    out[to + 16 + i] = d * ((pair >> 4) - 8);
  }
};

/** 256 elements in 8 groups: a scale of the scales and one of the offsets, 6 bits each for scale and offset of a group, 4 bits an element. */
const q4_k: Block = (bytes, at, out, to) => {
  const d = half(bytes, at);
  const dmin = half(bytes, at + 2);
  const scales = at + 4;
  for (let group = 0; group < 8; group++) {
    const low = scales + (group % 4);
    const isLate = group >= 4;
    // Of the last four groups the upper 2 bits are above the 6 bits of the first four.
    const scale = isLate ? (bytes[low + 8] & 15) | ((bytes[low] >> 6) << 4) : bytes[low] & 63;
    const offset = isLate ? (bytes[low + 8] >> 4) | ((bytes[low + 4] >> 6) << 4) : bytes[low + 4] & 63;
    const quants = at + 16 + 32 * (group >> 1);
    const shift = 4 * (group & 1);
    for (let i = 0; i < 32; i++)
      out[to + 32 * group + i] = d * scale * ((bytes[quants + i] >> shift) & 15) - dmin * offset;
  }
};

/** 256 elements in 16 groups: 6 bits an element, the upper 2 apart, a scale of 8 bits a group, and one of the scales. */
const q6_k: Block = (bytes, at, out, to) => {
  const d = half(bytes, at + 208);
  for (let i = 0; i < 256; i++) {
    const [part, quarter, l] = [i >> 7, (i >> 5) & 3, i & 31];
    const low = bytes[at + 64 * part + 32 * (quarter & 1) + l] >> (4 * (quarter >> 1));
    const high = bytes[at + 128 + 32 * part + l] >> (2 * quarter);
    out[to + i] = d * int8(bytes[at + 192 + (i >> 4)]) * (((low & 15) | ((high & 3) << 4)) - 32);
  }
};

/** Made when the first file is read. */
let types: ReadonlyMap<number, BlockType> | null = null;

/** The type of a number, or undefined where it cannot be read here. */
export function typeOf(number: number): BlockType | undefined {
  types ??= new Map([
    [0, plain("float32")],
    [1, plain("float16")],
    [2, quantized("Q4_0", 32, 18, q4_0)],
    [8, quantized("Q8_0", 32, 34, q8_0)],
    [12, quantized("Q4_K", 256, 144, q4_k)],
    [14, quantized("Q6_K", 256, 210, q6_k)],
    [24, plain("int8")],
    [25, plain("int16")],
    [26, plain("int32")],
    [27, plain("int64")],
    [28, plain("float64")],
    [30, plain("bfloat16")],
  ]);
  return types.get(number);
}

const NAMES =
  "F32 F16 Q4_0 Q4_1 - - Q5_0 Q5_1 Q8_0 Q8_1 Q2_K Q3_K Q4_K Q5_K Q6_K Q8_K IQ2_XXS IQ2_XS IQ3_XXS IQ1_S IQ4_NL IQ3_S IQ2_S IQ4_XS I8 I16 I32 I64 F64 IQ1_M BF16 - - - TQ1_0 TQ2_0".split(
    " ",
  );

/** ggml's name of a type, or its number. */
export function nameOfType(number: number): string {
  const name = NAMES[number] ?? "-";
  return name === "-" ? `type ${number}` : name;
}
