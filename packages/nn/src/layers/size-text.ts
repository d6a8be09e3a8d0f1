import { tupleText } from "../module/text.ts";

/** A size as it was given: PyTorch prints these as they are. */
export function sizeText(size: number | readonly number[]): string {
  return typeof size === "number" ? String(size) : tupleText(size);
}

/** An output's size, in which None keeps the input's. */
export function outputSizeText(size: number | null | readonly (number | null)[]): string {
  const one = (s: number | null): string => (s === null ? "None" : String(s));
  return typeof size === "object" && size !== null ? `(${size.map(one).join(", ")})` : one(size);
}
