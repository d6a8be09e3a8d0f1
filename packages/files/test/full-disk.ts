/** A disk that is full: what is written to some files fails after some bytes, as the system does it. */
import fs from "node:fs";

/** Runs while no file whose path has `part` in it takes more than `room` bytes. */
export async function onFullDisk<T>(part: string, room: number, run: () => Promise<T>): Promise<T> {
  const { promises } = fs;
  const { open } = promises;
  const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  promises.open = async (...args: Parameters<typeof open>) => {
    const file = await open(...args);
    if (!String(args[0]).includes(part) || args[1] === "r") return file;
    let left = room;
    const write = file.write.bind(file) as (...args: readonly unknown[]) => Promise<{ bytesWritten: number }>;
    const limited = async (
      bytes: Uint8Array,
      at: number,
      length: number,
      position: number | null,
    ): Promise<{ bytesWritten: number }> => {
      if (left === 0) throw full;
      const written = await write(bytes, at, Math.min(length, left), position);
      left -= written.bytesWritten;
      return written;
    };
    return Object.defineProperty(file, "write", { value: limited });
  };
  try {
    return await run();
  } finally {
    promises.open = open;
  }
}
