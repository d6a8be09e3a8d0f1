/**
 * `npm run test:tarballs`: packs every package as npm would publish it, compares what is in the tarballs with what should be,
 * lets publint and Are The Types Wrong read them, installs them into an empty project and uses them there on Node 20, Node 24, Bun and Deno, and type checks
 * a TypeScript user's file against them.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findRuntime, quietEnvironment, type RuntimeName, root } from "../runtimes.ts";
import { compareContents, expectedContents } from "./contents.ts";
import { install, packAll } from "./pack.ts";
import { publishedPackages } from "./packages.ts";

const bin = (name: string): string => join(root, "node_modules", ".bin", name);
const project = mkdtempSync(join(tmpdir(), "flambeau-user-"));
const packed = join(project, "packed");
let passed = 0;
const failed: string[] = [];

try {
  const { tarballs, files } = packAll(packed);
  for (const one of publishedPackages()) {
    const { name } = one.manifest;
    const differences = compareContents(files.get(name) ?? [], expectedContents(one));
    report(`contents of ${name}`, differences.length === 0, `${differences.join("\n")}\n`);
  }

  for (const [name, tarball] of tarballs) {
    check(`publint ${name}`, bin("publint"), ["run", tarball, "--strict"]);
    check(`types of ${name}`, bin("attw"), [tarball, "--profile", "esm-only", "--no-color"]);
  }

  install(project, tarballs);
  writeFileSync(join(project, "use.mjs"), readFileSync(join(root, "tools", "release", "user.mjs")));
  const expected = readFileSync(join(root, "tools", "release", "user.txt"), "utf8");
  for (const runtime of ["node20", "node", "bun", "deno"] as RuntimeName[]) {
    const leading = runtime === "deno" ? ["run", "--allow-all", "--no-remote", "--cached-only"] : [];
    check(`use on ${runtime}`, findRuntime(runtime), [...leading, "use.mjs"], expected);
  }

  writeFileSync(join(project, "use.ts"), readFileSync(join(root, "tools", "release", "user-types.ts")));
  check("types, as a user's compiler reads them", bin("tsc"), [
    ...["--noEmit", "--strict", "--target", "es2022", "--module", "nodenext"],
    ...["--lib", "es2024,dom", "use.ts"],
  ]);
} finally {
  rmSync(project, { recursive: true, force: true });
}
console.log(`tarballs: ${passed} passed, ${failed.length} failed`);
process.exitCode = failed.length > 0 ? 1 : 0;

/** Runs a command in the project; it has to succeed and, where `expected` is given, to print just that. */
function check(name: string, command: string, args: readonly string[], expected?: string): void {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: project,
    encoding: "utf8",
    env: { ...process.env, ...quietEnvironment, NO_COLOR: "1", FORCE_COLOR: undefined },
  });
  report(name, status === 0 && (expected === undefined || stdout === expected), stdout + stderr);
}

function report(name: string, holds: boolean, otherwise: string): void {
  if (holds) {
    passed++;
    console.log(`ok: ${name}`);
  } else {
    failed.push(name);
    console.error(`FAILED: ${name}\n${otherwise}`);
  }
}
