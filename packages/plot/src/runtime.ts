/** What figures use of runtimes, declared as far as they use it: the sources see no runtime's own declarations. */

/** What a `Blob` is, for programs that are compiled without one. */
export interface BlobLike {
  /** Bytes. */
  readonly size: number;
  /** Its MIME type. */
  readonly type: string;
  /** Its bytes. */
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** The runtime's own `Blob`, where the program is compiled with its declarations. */
export type RuntimeBlob =
  typeof globalThis extends Record<"Blob", Record<"prototype", infer B>> ? B : BlobLike;

interface Canvas {
  width: number;
  height: number;
  getContext(kind: "2d"): {
    drawImage(image: PageImage, x: number, y: number, width: number, height: number): void;
  } | null;
  toBlob(callback: (blob: BlobLike | null) => void, type: string): void;
}

interface PageImage {
  src: string;
  decode(): Promise<void>;
}

/** Of Deno's kernel for Jupyter. */
export interface Jupyter {
  display(shown: object, options: { readonly display_id: string; readonly update: boolean }): Promise<void>;
}

interface Surroundings {
  readonly process?: { readonly versions?: { readonly node?: string } };
  readonly document?: { createElement(name: "canvas"): Canvas };
  readonly Image?: new () => PageImage;
  readonly Blob: new (parts: readonly string[], options: { readonly type: string }) => BlobLike;
  readonly Deno?: { readonly jupyter?: Jupyter };
  readonly crypto: { randomUUID(): string };
  readonly performance: { now(): number };
  setTimeout(callback: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
}

export const here: Surroundings = globalThis as unknown as Surroundings;

/** Whether this is Node, Bun or Deno, where files have paths. */
export function isServer(): boolean {
  return here.process?.versions?.node !== undefined;
}
