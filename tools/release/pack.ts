/** Packs the packages as npm would publish them, and installs the tarballs into a project. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { publishedPackages } from "./packages.ts";

/** Packs every built package into a folder; the tarballs' paths, by the packages' names. */
export function packAll(folder: string): Map<string, string> {
  mkdirSync(folder, { recursive: true });
  const tarballs = new Map<string, string>();
  for (const one of publishedPackages()) {
    const [report] = JSON.parse(
      execFileSync("npm", ["pack", "--json", "--pack-destination", folder], {
        cwd: one.folder,
        encoding: "utf8",
      }),
    );
    tarballs.set(one.manifest.name, join(folder, report.filename));
  }
  return tarballs;
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
