/** What is used of runtimes, declared as far as it is used: the sources see no runtime's own declarations. */

/** `URL`. */
export interface UrlLike {
  /** The address. */
  readonly href: string;
}

/** `ReadableStream` of bytes. */
export interface ByteStream {
  getReader(): ByteReader;
}

export interface ByteReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(reason?: unknown): Promise<void>;
  releaseLock(): void;
}

/** `WritableStream` of bytes. */
export interface ByteSink {
  getWriter(): ByteWriter;
}

export interface ByteWriter {
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
  abort(reason?: unknown): Promise<void>;
  /** Missing where the writer is the file's own stream. */
  releaseLock?(): void;
}

/** `Blob` and `File`. */
export interface BlobLike {
  readonly size: number;
  readonly name?: string;
  slice(start: number, end: number): BlobLike;
  arrayBuffer(): Promise<ArrayBuffer>;
}

export interface ResponseLike {
  readonly ok: boolean;
  readonly status: number;
  readonly statusText: string;
  readonly url: string;
  readonly bodyUsed: boolean;
  readonly headers: { get(name: string): string | null };
  readonly body: ByteStream | null;
}

/** `FileSystemFileHandle`. */
export interface FileHandleLike {
  readonly name: string;
  getFile(): Promise<BlobLike>;
  createWritable?(): Promise<ByteWriter>;
}

export interface DirectoryLike {
  getDirectoryHandle(name: string, options?: { create?: boolean }): Promise<DirectoryLike>;
  getFileHandle(name: string, options?: { create?: boolean }): Promise<FileHandleLike>;
  removeEntry(name: string, options?: { recursive?: boolean }): Promise<void>;
  keys(): AsyncIterable<string>;
}

/** `AbortSignal`. */
export interface SignalLike {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

export interface RequestOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly signal?: SignalLike;
  readonly redirect: "manual" | "follow";
}

/** `LockManager`: what one page or worker of an origin holds the others wait for. */
export interface Locks {
  request<T>(name: string, options: { readonly signal?: SignalLike }, run: () => Promise<T>): Promise<T>;
}

interface Process {
  readonly platform: string;
  readonly pid: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly versions?: { readonly node?: string };
  readonly stderr?: { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown };
  getBuiltinModule?(name: string): unknown;
  on(event: "exit", listener: () => void): void;
  off(event: "exit", listener: () => void): void;
}

interface Page {
  createElement(name: "a"): { href: string; download: string; click(): void };
}

interface Surroundings {
  readonly process?: Process;
  readonly navigator?: {
    readonly storage?: { getDirectory?(): Promise<DirectoryLike> };
    readonly locks?: Locks;
  };
  readonly crypto: { getRandomValues(bytes: Uint8Array): Uint8Array };
  readonly document?: Page;
  readonly Blob: new (parts: readonly unknown[], options?: { type?: string }) => BlobLike;
  readonly URL: {
    new (
      url: string,
      base?: string,
    ): { readonly href: string; readonly origin: string; readonly pathname: string };
    createObjectURL(blob: BlobLike): string;
    revokeObjectURL(url: string): void;
  };
  fetch(url: string, options: RequestOptions): Promise<ResponseLike>;
  setTimeout(callback: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
}

export const here: Surroundings = globalThis as unknown as Surroundings;

/** The process, where there are files with paths: Node, Bun, Deno. */
export function serverProcess(): Process | undefined {
  const { process } = here;
  return process?.versions?.node === undefined ? undefined : process;
}
