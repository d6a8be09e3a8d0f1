/** The modules of Node's that Bun and Deno have, too. */
import { serverProcess } from "./api.ts";

export interface NodeFile {
  read(
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesRead: number }>;
  write(
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number | null,
  ): Promise<{ readonly bytesWritten: number }>;
  stat(): Promise<Stats>;
  chmod(mode: number): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface Stats {
  readonly size: number;
  readonly mode: number;
  readonly mtimeMs: number;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

export interface NodeFs {
  readonly promises: {
    open(path: string, flags: string, mode?: number): Promise<NodeFile>;
    rename(from: string, to: string): Promise<void>;
    unlink(path: string): Promise<void>;
    rm(path: string, options: { recursive?: boolean; force?: boolean }): Promise<void>;
    mkdir(path: string, options?: { recursive: true }): Promise<unknown>;
    rmdir(path: string): Promise<void>;
    readdir(path: string): Promise<string[]>;
    realpath(path: string): Promise<string>;
    readFile(path: string): Promise<Uint8Array>;
    readlink(path: string): Promise<string>;
    stat(path: string): Promise<Stats>;
    lstat(path: string): Promise<Stats>;
  };
  unlinkSync(path: string): void;
}

interface NodePath {
  dirname(path: string): string;
  basename(path: string): string;
  isAbsolute(path: string): boolean;
  join(...parts: string[]): string;
}

interface NodeUrl {
  fileURLToPath(url: string): string;
}

interface NodeOs {
  homedir(): string;
  hostname(): string;
}

interface Modules {
  fs: NodeFs;
  path: NodePath;
  url: NodeUrl;
  os: NodeOs;
}

/** A module of Node's. In browsers this is never called; no literal names the module, or bundlers would look for it. */
export async function node<K extends keyof Modules>(name: K): Promise<Modules[K]> {
  const path = `node:${name}`;
  const found = serverProcess()?.getBuiltinModule?.(path);
  return (found ?? (await import(/* @vite-ignore */ /* webpackIgnore: true */ path))) as Modules[K];
}
