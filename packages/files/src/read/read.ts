import { FormatError } from "@flambeau/serialization";
import { type Format, formatOfBytes, formatOfName, isTorchLike } from "../formats.ts";
import type { Input } from "../input/input.ts";
import { lastName } from "../names.ts";
import type { Reader } from "./place.ts";

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

/** Loads the reader of a format: a page loads none of the others. */
export async function readerOf(format: Format): Promise<Reader> {
  switch (format) {
    case "safetensors":
      return (await import("./safetensors.ts")).readSafetensors;
    case "gguf":
      return (await import("./gguf.ts")).readGguf;
    case "pt":
      return (await import("./pt.ts")).readPt;
    case "npz":
      return (await import("./npz.ts")).readNpz;
    case "npy":
      return (await import("./npy.ts")).readNpy;
  }
}
