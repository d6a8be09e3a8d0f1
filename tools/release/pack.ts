/** Packs the packages as npm would publish them, and installs the tarballs into a project. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { publishedPackages } from "./packages.ts";

/** What was packed, by the packages' names. */
export interface Packed {
  /** The tarballs' paths. */
  readonly tarballs: ReadonlyMap<string, string>;
  /** The files in each. */
  readonly files: ReadonlyMap<string, readonly string[]>;
}

/** Packs every built package into a folder. */
export function packAll(folder: string): Packed {
  mkdirSync(folder, { recursive: true });
  const tarballs = new Map<string, string>();
  const files = new Map<string, readonly string[]>();
  for (const one of publishedPackages()) {
    const [report] = JSON.parse(
      execFileSync("npm", ["pack", "--json", "--pack-destination", folder], {
        cwd: one.folder,
        encoding: "utf8",
      }),
    );
    tarballs.set(one.manifest.name, join(folder, report.filename));
    files.set(
      one.manifest.name,
      (report.files as { path: string }[]).map(({ path }) => path),
    );
  }
  return { tarballs, files };
}

/** Installs tarballs into a project, in which they stand for what the registry will have, with what else it depends on. */
export function install(
  project: string,
  tarballs: ReadonlyMap<string, string>,
  others: Readonly<Record<string, string>> = {},
): void {
  const files = Object.fromEntries([...tarballs].map(([name, path]) => [name, `file:${path}`]));
  const manifest = {
    private: true,
    type: "module",
    dependencies: { ...others, ...files },
    overrides: files,
  };
  writeFileSync(join(project, "package.json"), JSON.stringify(manifest, null, 2));
  execFileSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: project,
    stdio: "inherit",
  });
}
