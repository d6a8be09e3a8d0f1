/**
 * `npm run typecheck [-- PROGRAM ...]`: checks the programs of TypeScript of this repository, two at a time.
 *
 * TypeScript 7 checks in less than half of 6's time; 6 stays for what uses its API: the build, the docs, editors.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "./runtimes.ts";

/** The largest first. What each is for stands in its file. */
const programs = [".", "apps/docs", "packages", "packages/tsconfig.page.json", "packages/tsconfig.bun.json"];

/** Each checker of a process reads most types anew: two processes of one do more than one of two. */
const options = ["--checkers", "1", "--pretty", "false"];
const compiler = join(root, "node_modules", "typescript-7", "bin", "tsc");

const given = process.argv.slice(2);
const waiting = given.length === 0 ? programs : given;
await Promise.all([checkNext(), checkNext()]);

async function checkNext(): Promise<void> {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const started = performance.now();
    const { status, output } = await check(name);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${status === 0 ? "ok     " : "FAILED "} tsc -p ${name} (${seconds} s)`);
    if (output !== "") console.log(output);
    if (status !== 0) process.exitCode = 1;
  }
}

function check(name: string): Promise<{ readonly status: number | null; readonly output: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{
    readonly status: number | null;
    readonly output: string;
  }>();
  const child = spawn(process.execPath, [compiler, "-p", name, ...options], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  child.on("error", reject);
  child.on("close", (status) => resolve({ status, output: output.trimEnd() }));
  return promise;
}
