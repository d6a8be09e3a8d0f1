/** The packages that are published, with what their manifests say. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { layers } from "../layers/table.ts";
import { root } from "../runtimes.ts";

/** The fields of a package.json that a release depends on. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly license?: string;
  readonly type?: string;
  readonly main?: string;
  readonly types?: string;
  readonly engines?: { readonly node?: string };
  readonly sideEffects?: boolean | readonly string[];
  readonly files?: readonly string[];
  readonly exports: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

export interface Package {
  /** Absolute. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Every published package, from the lowest layer up. */
export function publishedPackages(): Package[] {
  return Object.keys(layers).map((name) => {
    const folder = join(root, "packages", name);
    return { folder, manifest: JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) };
  });
}
