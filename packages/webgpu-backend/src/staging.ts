import { type GpuBuffer, type GpuDevice, MAP_READ, usage } from "./api.ts";
import { sizeClass } from "./buffers.ts";

/** Bytes of the buffer that small reads of one batch share, so that one mapping brings them all. */
const SHARED = 64 * 1024;
/** Bytes of buffers kept for later reads. */
const KEPT = 64 * 2 ** 20;

/** A buffer that commands copy to and JavaScript reads. */
export interface Staging {
  readonly buffer: GpuBuffer;
  readonly size: number;
  /** Bytes taken by reads of the current batch. */
  used: number;
}

/** The buffers through which results reach JavaScript. */
export class StagingPool {
  readonly #device: GpuDevice;
  readonly #free: Staging[] = [];
  #kept = 0;
  /** Of the batch that is being recorded. */
  #open: Staging[] = [];
  #bytes = 0;

  constructor(device: GpuDevice) {
    this.#device = device;
  }

  /** Bytes of all staging buffers. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Room for a read of the current batch. */
  room(bytes: number): { staging: Staging; offset: number } {
    let staging = this.#open[this.#open.length - 1];
    if (staging === undefined || staging.size - staging.used < bytes) {
      staging = this.#take(Math.max(bytes, SHARED));
      this.#open.push(staging);
    }
    const offset = staging.used;
    staging.used += Math.ceil(bytes / 8) * 8;
    return { staging, offset };
  }

  /** The buffers of the batch that was just submitted; the next read starts new ones. */
  close(): Staging[] {
    const open = this.#open;
    this.#open = [];
    return open;
  }

  /** The buffer's bytes, once all submitted work that writes them is done. */
  async map(staging: Staging): Promise<ArrayBuffer> {
    await staging.buffer.mapAsync(MAP_READ, 0, staging.used);
    return staging.buffer.getMappedRange(0, staging.used);
  }

  /** Takes a buffer back whose bytes were copied. */
  give(staging: Staging): void {
    staging.buffer.unmap();
    staging.used = 0;
    if (this.#kept + staging.size > KEPT) {
      staging.buffer.destroy();
      this.#bytes -= staging.size;
      return;
    }
    this.#kept += staging.size;
    this.#free.push(staging);
  }

  #take(bytes: number): Staging {
    const size = sizeClass(bytes);
    const at = this.#free.findIndex((staging) => staging.size === size);
    if (at >= 0) {
      this.#kept -= size;
      return this.#free.splice(at, 1)[0];
    }
    this.#bytes += size;
    const buffer = this.#device.createBuffer({
      label: "read",
      size,
      usage: usage.mapRead | usage.copyTarget,
    });
    return { buffer, size, used: 0 };
  }
}
