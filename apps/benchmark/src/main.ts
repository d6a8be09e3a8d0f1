/**
 * Compares this library with its peers: `npm run bench -- [--quick] [--filter REGEX] [--rounds N] [--threads N[,N]]
 * [--device webgpu] [--out PATH]`. `--out docs/benchmark` writes docs/benchmark.md, .json, -ratios.svg and -growth.svg.
 * On WebGPU it compares with the libraries that have it, on the same adapter.
 *
 * @module
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { works } from "./catalogue.ts";
import { growthChart, ratioChart } from "./chart.ts";
import { type Device, type LibraryId, libraries, librariesOn } from "./libraries.ts";
import { measureProbe, measureWork, type Team, type Timing } from "./measure.ts";
import { Peer, Unable } from "./peers/process.ts";
import { probes } from "./probes.ts";
import { progressLine } from "./progress.ts";
import { exclusions, page, shortfalls, tableText } from "./report.ts";
import type { Report, Result } from "./results.ts";

const { values: options } = parseArgs({
  args: process.argv.slice(2),
  options: {
    quick: { type: "boolean", default: false },
    filter: { type: "string", default: "" },
    rounds: { type: "string" },
    threads: { type: "string" },
    device: { type: "string", default: "cpu" },
    out: { type: "string" },
  },
});
const quick = options.quick;
const rounds = wholeNumber(options.rounds ?? (quick ? "3" : "7"));
const device = deviceNamed(options.device);
const onCpu = device === "cpu";
// A GPU's threads are its own affair.
const wantedThreads = (options.threads ?? (quick || !onCpu ? "1" : "1,2")).split(",").map(wholeNumber);
const timing: Timing = quick ? { rounds, round: 25, warm: 100 } : { rounds, round: 100, warm: 300 };
const filter = new RegExp(options.filter);
const chosen = <T extends { id: string; quick?: boolean }>(all: readonly T[]): T[] =>
  all.filter(({ id, quick: fast }) => filter.test(id) && (!quick || fast === true));

const started = performance.now();
const progress = progressLine(process.stderr);
const remarks: string[] = [];
const versions: Partial<Record<LibraryId, string>> = {};
const results: Result[] = [];
const folder = mkdtempSync(join(os.tmpdir(), "benchmark-"));
const chosenWorks = chosen(works).filter(({ gpu }) => onCpu || gpu === true);
const chosenProbes = onCpu ? chosen(probes) : [];
if (chosenWorks.length + chosenProbes.length === 0) throw new Error(`nothing is called /${options.filter}/`);
try {
  for (const threads of wantedThreads) await measureWith(threads);
  for (const [i, probe] of chosenProbes.entries()) {
    const where = `[${i + 1}/${chosenProbes.length}] ${probe.id}`;
    results.push(await measureProbe(probe, rounds, (text) => progress.say(`${where}: ${text}`)));
    progress.done(where);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const command = ["npm run bench", ...(process.argv.length > 2 ? ["--", ...process.argv.slice(2)] : [])].join(
  " ",
);
const report: Report = {
  date: new Date().toISOString(),
  machine: `${os.cpus()[0].model.trim()}, ${os.cpus().length} cores, ${Math.round(os.totalmem() / 2 ** 30)} GiB`,
  system: `${os.type()} ${os.release()} ${os.arch()}`,
  versions,
  command,
  device,
  rounds,
  remarks,
  results,
};
console.log(tableText(results));
for (const line of exclusions(results)) console.log(`not measured: ${line}`);
for (const line of shortfalls(results)) console.log(`short: ${line}`);
for (const line of remarks) console.log(`note: ${line}`);
if (options.out !== undefined) write(options.out);
console.log(`${Math.round((performance.now() - started) / 1000)} s`);
const wrong = results.filter(({ entries: { flambeau } }) => flambeau && "excluded" in flambeau);
if (wrong.length > 0) {
  console.error(`this library has no figure for ${wrong.map(({ id }) => id).join(", ")}`);
  process.exitCode = 1;
}

/** All works with so many threads: every library that has as many. */
async function measureWith(threads: number): Promise<void> {
  const team: Team = {
    threads,
    device,
    peers: new Map(),
    absent: new Map(),
    revive: (id) => enlist(team, id),
  };
  if (chosenWorks.length === 0) return;
  try {
    for (const id of librariesOn(device)) {
      progress.say(`starts ${libraries[id].name}`);
      await enlist(team, id);
    }
    const own = team.absent.get("flambeau");
    if (own !== undefined) {
      if (!onCpu) throw new Error(`Flambeau ${own}`);
      remarks.push(`${threads} threads were not measured: Flambeau ${own}`);
      return;
    }
    for (const [i, work] of chosenWorks.entries()) {
      const where = `[${i + 1}/${chosenWorks.length}${threads > 1 ? `, ${threads} threads` : ""}] ${work.id}`;
      results.push(
        await measureWork(work, team, timing, folder, (text) => progress.say(`${where}: ${text}`)),
      );
      progress.done(where);
    }
  } finally {
    for (const peer of team.peers.values()) peer.stop();
  }
}

/** Starts a library's process, or notes why it takes no part. */
async function enlist(team: Team, id: LibraryId): Promise<void> {
  team.peers.delete(id);
  try {
    const peer = await Peer.start(id, team.threads, device);
    const { version, runtime, threads, adapter } = peer.greeting;
    if (adapter !== undefined) remarks.push(`the adapter of all: ${adapter}`);
    versions[id] = `${version} (${runtime})`;
    if (!onCpu || threads === team.threads) {
      team.peers.set(id, peer);
      return;
    }
    peer.stop();
    team.absent.set(id, `computes with ${threads} thread here, not with ${team.threads}`);
  } catch (error) {
    if (!(error instanceof Unable)) throw error;
    team.absent.set(id, error.message);
  }
}

function write(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.json`, `${JSON.stringify(report, null, 1)}\n`);
  writeFileSync(`${path}-ratios.svg`, ratioChart(results));
  writeFileSync(`${path}-growth.svg`, growthChart(results, onCpu ? wantedThreads[0] : 0));
  writeFileSync(`${path}.md`, page(report, basename(path)));
  console.log(`written: ${path}.md, .json, -ratios.svg, -growth.svg`);
}

function deviceNamed(name: string): Device {
  if (name !== "cpu" && name !== "webgpu") throw new RangeError(`"${name}" is no device here: cpu or webgpu`);
  return name;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new RangeError(`"${text}" is no positive whole number`);
  return value;
}
