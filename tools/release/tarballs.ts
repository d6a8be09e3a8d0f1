/**
 * `npm run test:tarballs`: packs every package as npm would publish it, compares what is in the tarballs with what should be,
 * lets publint and Are The Types Wrong read them, installs them into an empty project and uses them there on Node 20, Node 24, Bun and Deno, and type checks
 * a TypeScript user's file against them.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findRuntime, quietEnvironment, type RuntimeName, root } from "../runtimes.ts";
import { compareContents, expectedContents } from "./contents.ts";
import { publishedPackages } from "./packages.ts";

const bin = (name: string): string => join(root, "node_modules", ".bin", name);
const project = mkdtempSync(join(tmpdir(), "flambeau-user-"));
const packed = join(project, "packed");
mkdirSync(packed);
let passed = 0;
const failed: string[] = [];

try {
  const tarballs = new Map<string, string>();
  for (const one of publishedPackages()) {
    const { folder, manifest } = one;
    const [tarball] = JSON.parse(
      execFileSync("npm", ["pack", "--json", "--pack-destination", packed], {
        cwd: folder,
        encoding: "utf8",
      }),
    );
    tarballs.set(manifest.name, join(packed, tarball.filename));
    const files = (tarball.files as { path: string }[]).map(({ path }) => path);
    const differences = compareContents(files, expectedContents(one));
    report(`contents of ${manifest.name}`, differences.length === 0, `${differences.join("\n")}\n`);
  }

  for (const [name, tarball] of tarballs) {
    check(`publint ${name}`, bin("publint"), ["run", tarball, "--strict"]);
    check(`types of ${name}`, bin("attw"), [tarball, "--profile", "esm-only", "--no-color"]);
  }

  install(tarballs);
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

/** An empty project, in which the tarballs stand for what the registry will have. */
function install(tarballs: Map<string, string>): void {
  const files = Object.fromEntries([...tarballs].map(([name, path]) => [name, `file:${path}`]));
  writeFileSync(
    join(project, "package.json"),
    JSON.stringify({ private: true, type: "module", dependencies: files, overrides: files }, null, 2),
  );
  execFileSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: project,
    stdio: "inherit",
  });
}

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
