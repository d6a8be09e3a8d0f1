import { typedArray } from "@flambeau/backend";
import { Inflate } from "fflate";
import { FormatError } from "../errors.ts";

/** Compressed bytes a step: one byte makes 1032 at most, so that a step allocates no more than 17 MB. */
const STEP = 16384;

/**
 * What a deflate stream holds, which has to be `size` bytes: it stops as soon as there are more.
 *
 * @throws FormatError when there are more or fewer, or the stream is none.
 */
export function inflate(what: string, stream: Uint8Array, size: number): Uint8Array {
  const out = typedArray("uint8", size) as Uint8Array;
  let at = 0;
  const inflater = new Inflate((chunk) => {
    if (at + chunk.length > size)
      throw new FormatError(`${what} inflates to more than the ${size} bytes it should have`);
    out.set(chunk, at);
    at += chunk.length;
  });
  try {
    for (let i = 0; i < stream.length; i += STEP)
      inflater.push(stream.subarray(i, i + STEP), i + STEP >= stream.length);
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw new FormatError(`${what} is no deflate stream (${(error as Error).message})`);
  }
  if (at < size) throw new FormatError(`${what} inflates to ${at} bytes instead of ${size}`);
  return out;
}
