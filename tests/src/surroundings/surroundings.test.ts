/** The library in a runtime that lacks something gives the same numbers: see program.ts. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { names } from "../programs/program.ts";
import { samples } from "../samples/index.ts";

const file = fileURLToPath(new URL("./program.ts", import.meta.url));

/** How this runtime runs the program as it runs this test. */
function command(): string[] {
  const { versions, execPath } = process;
  const condition = "--conditions=@flambeau/source";
  if (versions.bun) return [execPath, "--no-install", condition, file];
  if ("Deno" in globalThis)
    return [execPath, "run", "--allow-all", "--no-check", "--no-remote", "--cached-only", condition, file];
  if (Number(versions.node.split(".")[0]) >= 22) return [execPath, condition, file];
  const hooks = fileURLToPath(new URL("../../../tools/node20/register.js", import.meta.url));
  return [execPath, "--no-warnings", `--import=${hooks}`, file];
}

interface Counted {
  readonly programs: number;
  readonly cases: number;
  readonly grown: number;
  readonly compiled: number;
  readonly refused: number;
  readonly warnings: readonly string[];
}

// A child that ran this file would start children of its own.
if (process.env.FLAMBEAU_SURROUNDINGS) throw new Error("this file was started by itself");

function computed(how: string): Counted {
  const [binary, ...args] = command();
  const { status, stdout, stderr } = spawnSync(binary, [...args, how], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 280_000,
    env: { ...process.env, FLAMBEAU_SURROUNDINGS: "1" },
  });
  assert.equal(status, 0, stderr);
  const counted = JSON.parse(stdout) as Counted;
  assert.equal(counted.programs, 4 * names.length + 1);
  assert.ok(counted.cases >= samples.length);
  return counted;
}

describe("the same numbers", () => {
  test("in a memory that moves as it grows", () => {
    const { grown, warnings } = computed("alone");
    assert.ok(grown > names.length, `the memory grew in ${grown} programs`);
    assert.deepEqual(warnings, []);
  });

  test("in such a memory whose buffers are no instances of ArrayBuffer", () => {
    const { grown, warnings } = computed("two-realms");
    assert.ok(grown > names.length, `the memory grew in ${grown} programs`);
    assert.deepEqual(warnings, []);
  });

  test("in such a memory where kernels cannot be compiled", () => {
    const { grown, compiled, refused, warnings } = computed("small-modules");
    assert.ok(grown > names.length, `the memory grew in ${grown} programs`);
    assert.ok(compiled > 0 && refused > names.length, `${compiled} compiled, ${refused} refused`);
    assert.deepEqual(warnings, []);
  });

  for (const how of ["policy", "policy-alone"]) {
    test(`where WebAssembly may not be compiled, and one warning: ${how}`, () => {
      const { compiled, refused, warnings } = computed(how);
      assert.equal(compiled, 0);
      assert.equal(refused, 1, "one module is tried");
      assert.equal(warnings.length, 1);
      assert.match(warnings[0], /'wasm-unsafe-eval'/);
    });
  }
});
