/** The commands of the projects, and how they are run. */
import { type ChildProcess, spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { findRuntime, quietEnvironment } from "../runtimes.ts";

/** Nothing takes longer than this, in milliseconds: it is a hang. */
const LIMIT = 180_000;

/** The command behind a name: a runtime, or a tool that is installed in `folder`. */
export function toolOf([name, ...args]: readonly string[], folder: string): readonly string[] {
  switch (name) {
    case "Node 20":
      return [findRuntime("node20"), ...args];
    case "Node 24":
    case "node":
      return [findRuntime("node"), ...args];
    case "Bun":
      // A program that Bun has compiled runs by itself.
      return args[0].startsWith("./") ? args : [findRuntime("bun"), "--no-install", ...args];
    case "bun":
      return [findRuntime("bun"), ...args];
    case "Deno":
      return [findRuntime("deno"), "run", "--no-remote", "--cached-only", ...args];
    default:
      return [join(folder, "node_modules", ".bin", name), ...args];
  }
}

export function startTool(
  [command, ...args]: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): ChildProcess {
  // Tools that are scripts run on Node 24.
  const path = `${dirname(findRuntime("node"))}:${process.env.PATH}`;
  const { NODE_OPTIONS: _, CI: __, ...inherited } = process.env;
  return spawn(command, args, {
    cwd,
    env: { ...inherited, ...quietEnvironment, PATH: path, NO_COLOR: "1", FORCE_COLOR: undefined, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    // A server may have children of its own.
    detached: true,
  });
}

/** Runs a command to its end. */
export async function runTool(
  command: readonly string[],
  cwd: string,
  env?: Readonly<Record<string, string>>,
): Promise<{ status: number | null; output: string }> {
  const child = startTool(command, cwd, env);
  let output = "";
  child.stdout?.on("data", (text) => (output += text));
  child.stderr?.on("data", (text) => (output += text));
  const late = setTimeout(() => stopTool(child), LIMIT);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on("close", resolve);
    child.on("error", reject);
  });
  clearTimeout(late);
  return { status, output };
}

export function stopTool({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}
