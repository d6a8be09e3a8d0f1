/**
 * Measures one work in all libraries: prepares it, compares what they computed, then times them in turn, round by round,
 * so that what the machine does meanwhile falls on all of them.
 *
 * @module
 */
import { join } from "node:path";
import { type Inputs, readArrays, writeArrays } from "./arrays.ts";
import { distance } from "./compare.ts";
import { type Device, type LibraryId, librariesOn, libraryIds } from "./libraries.ts";
import { type Peer, Unable } from "./peers/process.ts";
import { type Entry, entryOf, type Result } from "./results.ts";
import type { Probe, Work } from "./work.ts";

export interface Timing {
  readonly rounds: number;
  /** Milliseconds of a round, and of the warm-up before the first. */
  readonly round: number;
  readonly warm: number;
}

/** The libraries' processes; one that ended is started again. */
export interface Team {
  readonly threads: number;
  readonly device: Device;
  readonly peers: Map<LibraryId, Peer>;
  /** Why a library takes no part. */
  readonly absent: Map<LibraryId, string>;
  readonly revive: (id: LibraryId) => Promise<void>;
}

type Say = (text: string) => void;

export async function measureWork(
  work: Work,
  team: Team,
  timing: Timing,
  folder: string,
  say: Say,
): Promise<Result> {
  const excluded = new Map<LibraryId, string>(team.absent);
  /** Does something with a library; what it cannot excludes it from this work alone. */
  const attempt = async <T>(peer: Peer, doing: string, action: () => Promise<T>): Promise<T | undefined> => {
    say(`${peer.id} ${doing}`);
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof Unable)) throw error;
      excluded.set(peer.id, error.message);
      if (!peer.alive) await team.revive(peer.id);
      return undefined;
    }
  };
  const taking = (): Peer[] =>
    libraryIds.flatMap((id) => (excluded.has(id) ? [] : (team.peers.get(id) ?? [])));

  const inputs = join(folder, "inputs.f32");
  const contents = writeArrays(inputs, await work.inputs());
  const found = new Map<LibraryId, Inputs>();
  for (const peer of taking()) {
    const results = join(folder, "results.f32");
    const request = { do: "prepare", work: work.id, torch: work.torch, inputs, contents, results } as const;
    const answer = await attempt(peer, "prepares", () => peer.ask<{ contents: typeof contents }>(request));
    if (answer !== undefined) found.set(peer.id, readArrays(results, answer.contents));
  }
  const distances = compare(found, work.tolerance ?? 1e-5, excluded);

  const callTimes = new Map<LibraryId, number>();
  for (const peer of taking()) {
    const callTime = await attempt(peer, "warms up", () => warmUp(peer, timing.warm));
    if (callTime !== undefined) callTimes.set(peer.id, callTime);
  }

  const samples = new Map<LibraryId, number[]>(libraryIds.map((id) => [id, []]));
  for (let round = 0; round < timing.rounds; round++) {
    // A call that fills many rounds has the noise of none: it is timed once.
    const peers = taking().filter(({ id }) => round === 0 || callTimes.get(id)! < 15 * timing.round);
    // Each round begins with another library: none always follows the same neighbour.
    for (let i = 0; i < peers.length; i++) {
      const peer = peers[(i + round) % peers.length];
      const calls = Math.max(1, Math.round(timing.round / Math.max(callTimes.get(peer.id)!, 1e-6)));
      const answer = await attempt(peer, `round ${round + 1}/${timing.rounds}`, () =>
        peer.ask<{ milliseconds: number }>({ do: "time", calls }),
      );
      if (answer !== undefined)
        samples.get(peer.id)!.push(answer.milliseconds / calls / (work.stepsPerCall ?? 1));
    }
  }
  for (const peer of team.peers.values()) if (peer.alive) await peer.ask({ do: "release" });

  const entries: Partial<Record<LibraryId, Entry>> = {};
  for (const id of librariesOn(team.device)) {
    const reason = excluded.get(id);
    entries[id] = reason === undefined ? entryOf(samples.get(id)!, distances.get(id)) : { excluded: reason };
  }
  const { id, title, flop, growth } = work;
  return {
    id,
    title,
    unit: "ms",
    ...(team.device === "cpu" ? { threads: team.threads } : { threads: 0, device: team.device }),
    ...(flop && { flop }),
    ...(growth && { growth }),
    entries,
  };
}

/** Spells of warming up, at most. */
const SPELLS = 8;

/**
 * Lets a library do its work until a spell's calls take no less than the last's, and gives the milliseconds of one. Engines
 * optimize step by step, and where the system is slow to hand out pages, so is a heap until it has those that it needs.
 */
async function warmUp(peer: Peer, milliseconds: number): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let spell = 0; spell < SPELLS; spell++) {
    const answer = await peer.ask<{ milliseconds: number }>({ do: "warm", milliseconds });
    const isSettled = answer.milliseconds > 0.9 * best;
    best = Math.min(best, answer.milliseconds);
    if (isSettled) break;
  }
  return best;
}

/** Excludes whose results lie too far from PyTorch's, or from this library's where there is no PyTorch. */
function compare(
  found: ReadonlyMap<LibraryId, Inputs>,
  tolerance: number,
  excluded: Map<LibraryId, string>,
): Map<LibraryId, number> {
  const distances = new Map<LibraryId, number>();
  const reference = (["torch", "flambeau"] as const).find((id) => found.has(id));
  if (reference === undefined) return distances;
  for (const [id, results] of found) {
    const apart = distance(found.get(reference)!, results);
    if (id !== reference) distances.set(id, apart);
    if (!(apart <= tolerance))
      excluded.set(
        id,
        `computed something else: ${apart.toPrecision(2)} from ${reference}, ${tolerance} allowed`,
      );
  }
  return distances;
}

export async function measureProbe(probe: Probe, rounds: number, say: Say): Promise<Result> {
  const entries: Partial<Record<LibraryId, Entry>> = {};
  const samples = new Map<LibraryId, number[]>();
  const excluded = new Map<LibraryId, string>();
  say("prepares");
  try {
    await probe.prepare?.();
  } catch (error) {
    excluded.set("flambeau", reasonOf(error));
  }
  for (let round = 0; round < (probe.exact ? 1 : rounds); round++) {
    for (const id of libraryIds) {
      const measure = probe.measure[id] ?? "not measured";
      if (typeof measure === "string") excluded.set(id, measure);
      if (typeof measure === "string" || excluded.has(id)) continue;
      say(`${id} round ${round + 1}/${rounds}`);
      try {
        samples.set(id, [...(samples.get(id) ?? []), await measure()]);
      } catch (error) {
        excluded.set(id, reasonOf(error));
      }
    }
  }
  for (const id of libraryIds) {
    const reason = excluded.get(id);
    entries[id] = reason === undefined ? entryOf(samples.get(id)!) : { excluded: reason };
  }
  return { id: probe.id, title: probe.title, unit: probe.unit, threads: 0, entries };
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0];
}
