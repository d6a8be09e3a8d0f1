import { DeviceError } from "@flambeau/backend";
import type { GpuDevice, GpuEncoder, GpuLimits, GpuPass } from "./api.ts";
import { BufferPool, WHOLE } from "./buffers.ts";
import type { Dispatch } from "./dispatch.ts";
import { KernelErrors } from "./kernel-errors.ts";
import { Pipelines } from "./pipelines.ts";
import { Rest } from "./runtime/rest.ts";
import { softwareOf } from "./software.ts";
import { type Staging, StagingPool } from "./staging.ts";
import { type Block, checkAlive } from "./storage.ts";
import { Uniforms } from "./uniforms.ts";

/** Launches after which a batch is submitted even if nobody reads, so that the GPU does not idle. */
const BATCH = 256;

/** What the stream has done so far. */
export interface StreamStats {
  /** Kernel launches. */
  readonly dispatches: number;
  /** Batches of commands handed to the GPU. */
  readonly submits: number;
  /** Kernels compiled. */
  readonly pipelines: number;
  /** Bytes of all buffers, those kept for reuse included. */
  readonly allocated: number;
}

/** Bytes of a block that are to be read. */
export interface Source {
  readonly block: Block;
  /** A multiple of 4, as `bytes`. */
  readonly offset: number;
  readonly bytes: number;
}

interface Read {
  readonly staging: Staging;
  readonly offset: number;
  readonly bytes: number;
  readonly resolve: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The order in which a GPU does things: one stream of commands, submitted in batches.
 *
 * Launches are recorded and return at once. A batch is submitted when someone reads, or past a bound. While a
 * computation on the host waits for its data (`onHost`), later commands queue up behind it.
 */
export class Stream {
  readonly device: GpuDevice;
  readonly limits: GpuLimits;
  readonly hasFloat16: boolean;
  readonly hasSubgroups: boolean;
  readonly pool: BufferPool;
  readonly errors: KernelErrors;
  readonly #pipelines: Pipelines;
  readonly #uniforms: Uniforms;
  readonly #stagings: StagingPool;
  readonly #rest: Rest | null;
  /** Whether a launch since the last read may have found an error. */
  #mayFail = false;
  #encoder: GpuEncoder | null = null;
  #pass: GpuPass | null = null;
  #launched = 0;
  #batch = 0;
  #reads: Read[] = [];
  /** Submitted and not there yet. */
  readonly #inFlight: Set<Read> = new Set();
  #flushing = false;
  #deferred: (() => void)[] | null = null;
  /** Comes out of the next read. */
  #failure: Error | null = null;
  #lost: DeviceError | null = null;
  #dispatches = 0;
  #submits = 0;

  constructor(device: GpuDevice) {
    this.device = device;
    this.limits = device.limits;
    this.hasFloat16 = device.features.has("shader-f16");
    this.hasSubgroups = device.features.has("subgroups");
    this.#pipelines = new Pipelines(device);
    this.#uniforms = new Uniforms(device);
    this.#stagings = new StagingPool(device);
    this.pool = new BufferPool(device, () => this.#pipelines.forgetGroups());
    this.#rest = softwareOf(this) === "gpu" ? null : Rest.here();
    this.errors = new KernelErrors(device);
    device.onuncapturederror = (event: { error: { message: string } }) => {
      this.fail(new DeviceError(`the GPU refused a command: ${event.error.message}`));
    };
    device.lost.then(({ message }) => this.#lose(message));
  }

  /** The batch that is being recorded: blocks used in it must not be written or destroyed yet. */
  get batch(): number {
    return this.#batch;
  }

  get lost(): boolean {
    return this.#lost !== null;
  }

  stats(): StreamStats {
    return {
      dispatches: this.#dispatches,
      submits: this.#submits,
      pipelines: this.#pipelines.size,
      allocated: this.pool.allocated + this.#stagings.bytes,
    };
  }

  /** @throws DeviceError when the device was lost. */
  checkPresent(): void {
    if (this.#lost !== null) throw this.#lost;
  }

  /** Gives the device back; reads that wait reject. */
  close(): void {
    this.#lose("it was given back");
    this.device.destroy();
  }

  /** Lets the next read throw an error that came up where nobody waited. */
  fail(error: Error): void {
    this.#failure ??= error;
  }

  /**
   * Runs a kernel after everything issued before.
   *
   * @throws DeviceError when a storage was disposed or the device was lost.
   */
  launch(dispatch: Dispatch): void {
    this.checkPresent();
    const { buffers } = dispatch;
    const blocks = new Array<Block>(buffers.length + (dispatch.errors === true ? 1 : 0));
    for (let i = 0; i < buffers.length; i++) {
      checkAlive(buffers[i]);
      blocks[i] = buffers[i].block;
    }
    if (dispatch.errors === true) blocks[buffers.length] = this.errors.block;
    const bound = dispatch.isWhole === true ? wholes(blocks) : blocks;
    if (bound.length > this.limits.maxStorageBuffersPerShaderStage) {
      throw new DeviceError(
        `a kernel over ${bound.length} tensors: this GPU's limit is ${this.limits.maxStorageBuffersPerShaderStage} at once`,
      );
    }
    if (this.#deferred === null) this.#record(dispatch, blocks, bound);
    else this.#defer(blocks, () => this.#record(dispatch, blocks, bound));
  }

  #record(dispatch: Dispatch, blocks: readonly Block[], bound: readonly Block[]): void {
    const { key, code, uniforms, workgroups } = dispatch;
    if (!this.#uniforms.fits(uniforms.length) || this.#launched >= BATCH) this.flush();
    const pipeline = this.#pipelines.get(key, bound.length, code);
    const group = this.#pipelines.bindGroup(bound, this.#uniforms.buffer);
    const offsets = this.#pipelines.offsets(bound);
    offsets.push(this.#uniforms.add(uniforms));
    const pass = this.#pass ?? this.#openPass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group, offsets);
    pass.dispatchWorkgroups(workgroups[0], workgroups[1], workgroups[2]);
    for (let i = 0; i < blocks.length; i++) blocks[i].usedIn = this.#batch;
    if (dispatch.errors === true) this.#mayFail = true;
    this.#launched++;
    this.#dispatches++;
  }

  /**
   * Writes to a block that no unsubmitted command uses (`pool.take(bytes, stream.batch)` gives such).
   *
   * @throws DeviceError when the device was lost.
   */
  write(block: Block, data: ArrayBufferView): void {
    this.checkPresent();
    if (block.usedIn >= this.#batch)
      throw new DeviceError("a write to a buffer that earlier commands still use");
    // A whole number of words: the rest of the last one belongs to nobody.
    const bytes = data.byteLength;
    const whole = bytes - (bytes % 4);
    const { queue } = this.device;
    if (whole > 0)
      queue.writeBuffer(block.buffer, block.start, data.buffer as ArrayBuffer, data.byteOffset, whole);
    if (whole === bytes) return;
    const last = new Uint8Array(4);
    last.set(new Uint8Array(data.buffer, data.byteOffset + whole, bytes - whole));
    queue.writeBuffer(block.buffer, block.start + whole, last);
  }

  /**
   * Bytes as they are after everything issued before. What is asked for in one turn arrives together.
   *
   * Rejects with the error that a kernel or a computation on the host has met since the last read, or with a
   * DeviceError when the device was lost.
   */
  read(source: Source): Promise<Uint8Array<ArrayBuffer>> {
    return new Promise((resolve, reject) => {
      this.checkPresent();
      if (this.#deferred === null) this.#recordRead(source, resolve, reject);
      else {
        this.#defer([source.block], () => {
          if (this.#lost !== null) reject(this.#lost);
          else this.#recordRead(source, resolve, reject);
        });
      }
    });
  }

  /** Waits for everything issued so far; rejects as `read`. */
  async synchronize(): Promise<void> {
    await this.read({ block: this.errors.block, offset: 0, bytes: 4 });
  }

  #recordRead(source: Source, resolve: Read["resolve"], reject: Read["reject"]): void {
    const { block, offset, bytes } = source;
    const { staging, offset: at } = this.#stagings.room(bytes);
    if (bytes > 0) {
      const encoder = this.#outsidePass();
      encoder.copyBufferToBuffer(block.buffer, block.start + offset, staging.buffer, at, bytes);
      block.usedIn = this.#batch;
    }
    this.#reads.push({ staging, offset: at, bytes, resolve, reject });
    if (this.#flushing) return;
    this.#flushing = true;
    Promise.resolve().then(() => {
      this.#flushing = false;
      this.flush();
    });
  }

  /**
   * Runs `compute` in JavaScript on the bytes of `sources` as they are in stream order. Everything issued later waits for it;
   * `targets` are the blocks that it will write, at once and by `write`. What it throws comes out of the next read.
   */
  onHost(
    sources: readonly Source[],
    targets: readonly Block[],
    compute: (bytes: Uint8Array<ArrayBuffer>[]) => void,
  ): void {
    this.checkPresent();
    const start = (): void => this.#startHost(sources, targets, compute);
    if (this.#deferred === null) start();
    else this.#defer([...sources.map(({ block }) => block), ...targets], start);
  }

  #startHost(
    sources: readonly Source[],
    targets: readonly Block[],
    compute: (bytes: Uint8Array<ArrayBuffer>[]) => void,
  ): void {
    const reads = sources.map(
      (source) =>
        new Promise<Uint8Array<ArrayBuffer>>((resolve, reject) => this.#recordRead(source, resolve, reject)),
    );
    this.flush();
    this.#deferred = [];
    for (const block of targets) block.holds++;
    Promise.all(reads)
      .finally(() => {
        for (const block of targets) block.holds--;
      })
      .then(compute)
      .catch((error: Error) => this.fail(error))
      .then(() => this.#resume());
  }

  /** Issues what waited for a computation on the host, up to the next such one. */
  #resume(): void {
    const waiting = this.#deferred ?? [];
    this.#deferred = null;
    for (let i = 0; i < waiting.length; i++) {
      try {
        waiting[i]();
      } catch (error) {
        this.fail(error as Error);
      }
      if (this.#deferred !== null) {
        (this.#deferred as (() => void)[]).push(...waiting.slice(i + 1));
        return;
      }
    }
  }

  #defer(blocks: readonly Block[], command: () => void): void {
    for (const block of blocks) block.holds++;
    (this.#deferred as (() => void)[]).push(() => {
      for (const block of blocks) block.holds--;
      command();
    });
  }

  /** Submits what was recorded. */
  flush(): void {
    const encoder = this.#encoder;
    if (this.#lost !== null) {
      for (const { reject } of this.#reads.splice(0)) reject(this.#lost);
      return;
    }
    if (encoder === null && this.#reads.length === 0) return;
    const reads = this.#reads;
    let errors: Read | null = null;
    if (reads.length > 0 && this.#mayFail) errors = this.#recordErrors();
    this.#reads = [];
    try {
      this.#submit();
    } catch (error) {
      // Some implementations throw for a device that is gone.
      this.#lose((error as Error).message);
      for (const { reject } of reads) reject(this.#lost ?? (error as Error));
      return;
    }
    this.#launched = 0;
    this.#batch++;
    this.pool.sweep(this.#batch);
    if (reads.length > 0) {
      for (const read of reads) this.#inFlight.add(read);
      this.#deliver(reads, errors, this.#stagings.close());
    }
  }

  #submit(): void {
    if (this.#encoder === null) return;
    this.#closePass();
    this.#uniforms.flush(this.device.queue);
    this.device.queue.submit([this.#encoder.finish()]);
    this.#encoder = null;
    this.#submits++;
  }

  /** Copies the error buffer behind the reads, and clears it in the same batch. */
  #recordErrors(): Read {
    const { buffer, size } = this.errors.block;
    const { staging, offset } = this.#stagings.room(size);
    const encoder = this.#outsidePass();
    encoder.copyBufferToBuffer(buffer, 0, staging.buffer, offset, size);
    this.errors.clear(encoder);
    this.#mayFail = false;
    return { staging, offset, bytes: size, resolve: () => {}, reject: () => {} };
  }

  async #deliver(reads: readonly Read[], errors: Read | null, stagings: readonly Staging[]): Promise<void> {
    try {
      const maps = Promise.all(stagings.map((staging) => this.#stagings.map(staging)));
      const mapped = await (this.#rest?.during(maps) ?? maps);
      const bytesOf = ({ staging, offset, bytes }: Read): Uint8Array<ArrayBuffer> =>
        new Uint8Array(mapped[stagings.indexOf(staging)], offset, bytes).slice();
      const found = errors && this.errors.read(new Uint32Array(bytesOf(errors).buffer));
      if (found) this.fail(found);
      const failure = this.#failure;
      this.#failure = null;
      for (const read of reads) {
        if (failure !== null) read.reject(failure);
        else read.resolve(bytesOf(read));
      }
      for (const staging of stagings) this.#stagings.give(staging);
    } catch (error) {
      const reason = this.#lost ?? this.#failure ?? lostError((error as Error).message);
      for (const { reject } of reads) reject(reason);
    } finally {
      for (const read of reads) this.#inFlight.delete(read);
    }
  }

  #openPass(): GpuPass {
    this.#encoder ??= this.device.createCommandEncoder();
    this.#pass = this.#encoder.beginComputePass();
    return this.#pass;
  }

  #closePass(): void {
    this.#pass?.end();
    this.#pass = null;
  }

  #outsidePass(): GpuEncoder {
    this.#closePass();
    this.#encoder ??= this.device.createCommandEncoder();
    return this.#encoder;
  }

  #lose(message: string): void {
    this.#lost ??= lostError(message);
    this.#encoder = null;
    this.#pass = null;
    for (const { reject } of this.#reads.splice(0)) reject(this.#lost);
    for (const { reject } of this.#inFlight) reject(this.#lost);
  }
}

/** The buffers of which blocks are parts, each once. */
function wholes(blocks: readonly Block[]): Block[] {
  const all = new Map<number, Block>();
  for (const block of blocks) {
    const { bufferId } = block;
    if (!all.has(bufferId)) all.set(bufferId, { ...block, id: bufferId, start: 0, size: WHOLE });
  }
  return [...all.values()];
}

function lostError(message: string): DeviceError {
  const detail = message === "" ? "" : ` (${message})`;
  return new DeviceError(
    `the GPU device was lost${detail}: what was on it is gone; call webgpu.init() for a new one`,
  );
}
