/**
 * `npm run bench:files [-- ROUNDS]`: 500 MB written to and read from `.pt` and `.safetensors` files, here and by PyTorch, round by round in turn so that a
 * busy machine is busy for both. Each figure is the least of its rounds. What is read is summed up, because a file that is mapped into memory is
 * not read before. `PYTHON` names a Python with torch (and safetensors, for its half).
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load, save } from "@flambeau/files";
import { arange, type Tensor } from "@flambeau/tensor";

const COUNT = 20;
const ELEMENTS = 6_250_000;
const ROUNDS = Number(process.argv[2] ?? 4);

const folder = mkdtempSync(join(tmpdir(), "flambeau-bench-"));
const python = process.env.PYTHON ?? "/usr/bin/python3";
const script = new URL("files.py", import.meta.url).pathname;
const tensors = Object.fromEntries(
  Array.from({ length: COUNT }, (_, i) => [`layer${i}.weight`, arange(i, ELEMENTS + i)]),
);
const here: Record<string, number[]> = {};
const there: Record<string, number[]> = {};

async function time(name: string, work: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  await work();
  here[name] ??= [];
  here[name].push((performance.now() - start) / 1000);
}

async function read(path: string): Promise<void> {
  const loaded: Record<string, Tensor> = await load(path);
  for (const x of Object.values(loaded)) {
    x.sum().dispose();
    x.dispose();
  }
}

try {
  for (let round = 0; round < ROUNDS; round++) {
    for (const format of ["pt", "safetensors"]) {
      const path = join(folder, `here.${format}`);
      await time(`write .${format}`, () => save(tensors, path));
      await time(`read .${format}`, () => read(path));
    }
    const { status, stdout } = spawnSync(python, [script, folder, String(COUNT), String(ELEMENTS), "1"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    });
    if (status !== 0) throw new Error(`${python} failed`);
    for (const [name, seconds] of Object.entries(JSON.parse(stdout) as Record<string, number[]>)) {
      there[name] ??= [];
      there[name].push(...seconds);
    }
    report();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The least of the rounds so far. */
function report(): void {
  const megabytes = (COUNT * ELEMENTS * 4) / 1e6;
  console.log(`| ${megabytes} MB | here | PyTorch | PyTorch's time over ours |\n| --- | --- | --- | --- |`);
  for (const [name, seconds] of Object.entries(here)) {
    const [ours, theirs] = [Math.min(...seconds), Math.min(...(there[name] ?? []))];
    const compared = Number.isFinite(theirs)
      ? `${theirs.toFixed(2)} s | ${(theirs / ours).toFixed(2)}`
      : " | ";
    console.log(`| ${name} | ${ours.toFixed(2)} s | ${compared} |`);
  }
}
