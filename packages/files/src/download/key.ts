import { Sha256 } from "../input/sha256.ts";

/** A name for an address's folder in a cache. */
export function keyOf(url: string): string {
  const hash = new Sha256();
  hash.update(new TextEncoder().encode(url));
  return hash.digest().slice(0, 32);
}
