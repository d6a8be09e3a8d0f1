/** What projects have to print. */
import type { Expected, Shown } from "./list.ts";

/** How a project's output differs from what is expected; undefined where it does not. */
export function difference(
  expected: Expected | Shown,
  status: number | null,
  output: string,
  isolated: boolean,
): string | undefined {
  const got = withoutFolders(output);
  if ("lines" in expected) {
    const lines = new Set(got.split("\n").map((line) => line.trim()));
    const missing = expected.lines.filter((line) => !lines.has(line));
    if (status === expected.status && missing.length === 0) return undefined;
    return [
      `ended with ${status}, not ${expected.status}`,
      ...missing.map((line) => `missing: ${line}`),
      got,
    ].join("\n");
  }
  const wanted = outputOf(expected, isolated);
  return status === 0 && got === wanted
    ? undefined
    : `ended with ${status}; expected:\n${wanted}\ngot:\n${got}`;
}

/** What the projects' program prints (program/program.js). */
function outputOf({ ownNames, threads, warning }: Expected, isolated: boolean): string {
  const asked = threads === 2 ? 2 : 1;
  const told = warning === undefined ? [] : [`the CPU device runs on one thread: ${warning}`];
  if (threads === 1 && warning === undefined && isolated) throw new Error("one thread needs a reason");
  return [
    `own class: ${ownNames ? "Net" : "renamed"}`,
    "(hidden): Linear(in_features=2, out_features=3, bias=True) (activation): ReLU() (out): Linear(in_features=3, out_features=1, bias=True) )",
    "Linear: 1-1, ReLU: 1-2, Linear: 1-3",
    "SGD (",
    "ShapeError ShapeError true",
    "loss 0.8574",
    `threads: ${[threads, `of ${asked}`, ...told].join(" ")}`,
  ].join("\n");
}

/** The output without what differs from folder to folder: the addresses of files, down to their names. */
function withoutFolders(output: string): string {
  return output.replaceAll(/(file|http):\S*\//g, "").trim();
}
