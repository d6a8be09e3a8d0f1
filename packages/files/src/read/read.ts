import { type DType, isFloat } from "@flambeau/backend";
import { FormatError, loadGguf, loadNpz, loadPt, openGguf, safeOpen } from "@flambeau/serialization";
import { backendOf, fromNpy, type Tensor } from "@flambeau/tensor";
import { type Format, formatOfBytes, formatOfName, isTorchLike } from "../formats.ts";
import type { Input } from "../input/input.ts";
import { lastName } from "../names.ts";

/** Where tensors are placed, and as what. */
export interface Placing {
  readonly device?: string | undefined;
  readonly dtype?: DType | undefined;
  readonly maxBytes?: number | undefined;
}

/** @throws FormatError when neither the name nor the first bytes say it. */
export async function formatOfInput(input: Input, address: string | null): Promise<Format | "index"> {
  const name = lastName(address ?? input.name);
  const named = formatOfName(name);
  if (named !== undefined) return named;
  const found = formatOfBytes(await input.peek(128));
  if (found !== undefined) return found;
  // Its reader says what the file is instead.
  if (isTorchLike(name)) return "pt";
  throw new FormatError(
    "the file is none that can be read, by its name and its first bytes: .pt, .safetensors, .npz, .npy and .gguf are",
  );
}

/** What a file of this format holds. */
export async function readInput(
  input: Input,
  format: Format,
  { device, dtype, maxBytes }: Placing,
): Promise<unknown> {
  const place = { device, dtype };
  switch (format) {
    case "safetensors":
      return tensorsOf(await safeOpen(sourceOf(input), place), input);
    case "gguf":
      // Where tensors lie is checked against the size.
      return input.size === null
        ? loadGguf(await input.readAll(), place)
        : tensorsOf(await openGguf(sourceOf(input), place), input);
    case "pt":
      return loadPt(await input.readAll(), { ...place, maxBytes });
    case "npz":
      return loadNpz(await input.readAll(), { ...place, maxBytes });
    case "npy":
      return readNpy(await input.readAll(), place);
  }
}

function sourceOf(input: Input): {
  size: number | null;
  read(start: number, end: number): Promise<Uint8Array>;
} {
  return { size: input.size, read: (start, end) => input.read(start, end) };
}

interface Tensors {
  keys(): string[];
  entries(): AsyncGenerator<[name: string, tensor: Tensor]>;
}

/** The tensors in the order of the header, read in the order in which they lie. */
export async function tensorsOf(
  file: Tensors,
  input: Input,
  isWanted: (name: string) => boolean = () => true,
): Promise<Record<string, Tensor>> {
  const read = new Map<string, Tensor>();
  try {
    for await (const [name, x] of file.entries()) {
      if (isWanted(name)) read.set(name, x);
      else x.dispose();
    }
    await input.finish();
  } catch (error) {
    // They are not returned; on a GPU their memory would wait for a collection.
    for (const x of read.values()) x.dispose();
    throw error;
  }
  const names = file.keys().filter((name) => read.has(name));
  return Object.fromEntries(names.map((name) => [name, read.get(name) as Tensor]));
}

/** As arrays of a `.npz` file are read: halves become float32 where the device has none, and only floats another dtype. */
function readNpy(bytes: Uint8Array, { device, dtype }: Placing): Tensor {
  const header = String.fromCharCode(...bytes.subarray(0, 128));
  const isHalf = /'descr': '[<>=]f2'/.test(header);
  const own = isHalf && !backendOf(device).supports("float16") ? { dtype: "float32" as const } : {};
  const x = fromNpy(bytes, { ...own, ...(device === undefined ? {} : { device }) });
  return dtype !== undefined && isFloat(x.dtype) ? x.to(dtype) : x;
}
