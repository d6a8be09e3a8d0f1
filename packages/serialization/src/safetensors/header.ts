/**
 * The header of a .safetensors file: its length in 8 bytes, then JSON that says where each tensor lies in the rest.
 * Source: the format's description and its reference implementation (huggingface/safetensors, safetensors/src/tensor.rs).
 *
 * @module
 */
import { isPlainObject, numel, quote } from "@flambeau/backend";
import { decodeUtf8 } from "../bytes.ts";
import { FormatError } from "../errors.ts";
import { type StoredDtype, storedDtypes } from "./dtypes.ts";
import { checkKeys } from "./keys.ts";

/** Bytes of a header at most, as in the reference implementation. */
const MAX_HEADER = 100_000_000;
/** Bytes of the header's length. */
export const LENGTH_BYTES = 8;
const METADATA = "__metadata__";

/** Where a tensor lies, and what it is. */
export interface TensorEntry {
  /** The format's name of the dtype: "F32". */
  readonly code: string;
  readonly dtype: StoredDtype;
  readonly shape: readonly number[];
  /** Where its bytes begin and end, counted from the first byte of the file. */
  readonly start: number;
  readonly end: number;
}

export interface Header {
  readonly metadata: Record<string, string>;
  readonly entries: ReadonlyMap<string, TensorEntry>;
}

/**
 * The header's length, from the first 8 bytes of a file.
 *
 * @throws FormatError when the file has no room for it, or it is longer than the format allows.
 */
export function readLength(first: Uint8Array, fileSize: number | null): number {
  if (first.length < LENGTH_BYTES) {
    throw failure(`the file has ${first.length} bytes; the length of its header alone takes ${LENGTH_BYTES}`);
  }
  const view = new DataView(first.buffer, first.byteOffset, LENGTH_BYTES);
  const length = view.getBigUint64(0, true);
  if (length > MAX_HEADER) throw failure(`a header of ${length} bytes; the format allows ${MAX_HEADER}`);
  if (fileSize !== null && LENGTH_BYTES + Number(length) > fileSize) {
    throw failure(`the header takes ${length} bytes, but ${fileSize - LENGTH_BYTES} follow its length`);
  }
  return Number(length);
}

/**
 * What a header says, checked against the size of its file.
 *
 * @throws FormatError when it is not JSON of the format's structure; when a name is there twice; or when the tensors do not lie
 *   end to end, each in as many bytes as its shape and dtype take, from the header to the end of the file, where that is known.
 */
export function readHeader(text: Uint8Array, fileSize: number | null): Header {
  const json = parse(text);
  const metadata = readMetadata(json[METADATA]);
  const begin = LENGTH_BYTES + text.length;
  const entries = Object.entries(json)
    .filter(([name]) => name !== METADATA)
    .map(([name, info]) => [name, readEntry(name, info, begin)] as const);
  checkLayout(entries, begin, fileSize);
  return { metadata, entries: new Map(entries) };
}

function parse(text: Uint8Array): Record<string, unknown> {
  const json = decodeUtf8(text);
  if (json === null) throw failure("the header is no UTF-8");
  if (!json.startsWith("{")) throw failure('the header does not begin with "{"');
  checkKeys(json);
  try {
    return JSON.parse(json) as Record<string, unknown>;
  } catch (error) {
    throw failure(`the header is no JSON (${(error as Error).message})`);
  }
}

function readMetadata(given: unknown): Record<string, string> {
  if (given === undefined || given === null) return {};
  if (!isPlainObject(given)) throw failure(`${METADATA} is no object`);
  const entries = Object.entries(given as object);
  for (const [key, value] of entries) {
    if (typeof value !== "string")
      throw failure(`${METADATA} has texts only; ${quote(key)} is ${quote(value)}`);
  }
  return Object.fromEntries(entries);
}

function readEntry(name: string, info: unknown, begin: number): TensorEntry {
  const what = `tensor ${quote(name)}`;
  if (!isPlainObject(info) || Array.isArray(info)) throw failure(`${what} has no description`);
  const { dtype: code, shape, data_offsets: offsets } = info as Readonly<Record<string, unknown>>;
  const dtype = typeof code === "string" ? storedDtypes.get(code) : undefined;
  if (dtype === undefined) throw failure(`${what} has the dtype ${quote(code)}, which the format has not`);
  if (!isSizes(shape)) throw failure(`${what} has the shape ${quote(shape)}`);
  if (!isSizes(offsets) || offsets.length !== 2)
    throw failure(`${what} lies at ${quote(offsets)}, which is not where something begins and ends`);
  const [start, end] = offsets;
  if (end < start) throw failure(`${what} ends before it begins`);
  if (numel(shape) * dtype.bits !== 8 * (end - start)) {
    throw failure(`${what} is ${code} of shape ${quote(shape)}, which ${end - start} bytes do not hold`);
  }
  return { code: code as string, dtype, shape, start: begin + start, end: begin + end };
}

/** Up to 2^47, so that a product of several is exact as far as there are files, and one that is not is none of a file's. */
function isSizes(x: unknown): x is number[] {
  return Array.isArray(x) && x.every((n) => Number.isInteger(n) && n >= 0 && n <= 2 ** 47);
}

/** Tensors lie end to end, in any order, and fill the file. */
function checkLayout(
  entries: readonly (readonly [string, TensorEntry])[],
  begin: number,
  size: number | null,
): void {
  const inOrder = [...entries].sort(([, a], [, b]) => a.start - b.start || a.end - b.end);
  let end = begin;
  for (const [name, entry] of inOrder) {
    if (entry.start !== end) {
      const fault = entry.start < end ? "overlaps the one before" : "leaves a hole before it";
      throw failure(`tensor ${quote(name)} ${fault}`);
    }
    end = entry.end;
  }
  if (size !== null && end !== size) throw failure(`the tensors end at byte ${end} of a file of ${size}`);
}

function failure(message: string): FormatError {
  return new FormatError(`.safetensors: ${message}`);
}
