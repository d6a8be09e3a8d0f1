import { here } from "./api.ts";

/**
 * A name that no other process, thread or tab has, by 96 random bits: numbers of processes are the same in two containers, and in two
 * threads of one process.
 */
export function randomName(): string {
  const bytes = here.crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
