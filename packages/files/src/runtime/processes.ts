import { serverProcess } from "./api.ts";

/** Marks a file as one of a running process's: `NAME.PID.KIND`. */
export function ownName(name: string, kind: string): string {
  return `${name}.${serverProcess()?.pid}.${kind}`;
}

/** The files of a folder that processes left behind which run no more. */
export function abandoned(files: readonly string[], name: string, kind: string): string[] {
  return files.filter((file) => {
    if (!file.startsWith(`${name}.`) || !file.endsWith(`.${kind}`)) return false;
    const pid = file.slice(name.length + 1, -kind.length - 1);
    return /^\d+$/.test(pid) && !isRunning(Number(pid));
  });
}

function isRunning(pid: number): boolean {
  try {
    serverProcess()?.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user's may not be sent a signal, and is there all the same.
    return (error as { readonly code?: string }).code !== "ESRCH";
  }
}
