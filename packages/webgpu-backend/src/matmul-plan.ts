import { softwareOf } from "./software.ts";
import type { Stream } from "./stream.ts";

/**
 * How a product is divided.
 * - "shared": a workgroup of `SIDE` by `SIDE` invocations brings tiles of both operands to its own memory. For GPUs.
 * - "registers": invocations read straight from the operands. For adapters that run on a CPU, where a workgroup's memory
 *   is no nearer than any other, and a barrier is dear.
 * - "broadcast": the same in subgroups of four, whose invocations read four elements of a row of a in one go and hand
 *   them round.
 */
export interface Plan {
  readonly kind: "shared" | "registers" | "broadcast";
  /** Of the output, by invocation. */
  readonly rows: number;
  readonly columns: number;
  /** Steps along the inner dimension in one turn of the loop. */
  readonly depth: number;
}

/** Invocations of a workgroup along each side of a shared tile, and elements of the inner dimension in it. */
export const SIDE = 16;
export const DEPTH = 16;
/** Invocations side by side that read consecutive columns, where nothing is shared: the width of a CPU's vectors. */
export const LANES = 4;
/** Of these below each other. */
export const LANE_ROWS = 4;

/** Chooses by the adapter and the shape. */
export function planFor(stream: Stream, m: number, n: number, k: number, batches: number): Plan {
  const kind = kindFor(stream);
  if (kind === "shared") {
    for (const each of [4, 2]) {
      const tiles = Math.ceil(m / (SIDE * each)) * Math.ceil(n / (SIDE * each)) * batches;
      if (tiles >= ENOUGH) return { kind, rows: each, columns: each, depth: DEPTH };
    }
    return { kind, rows: 1, columns: 1, depth: DEPTH };
  }
  const work = m * n * k * batches;
  const most = mostSums(kind, work);
  // What a loop carries on is dear: more steps a turn make it cheaper, and the program longer.
  const depth = work < MUCH || k < 64 ? 4 : 8;
  let best: Plan = { kind, rows: 1, columns: 1, depth };
  let least = Number.POSITIVE_INFINITY;
  for (const rows of [1, 4, 8, 16, 32]) {
    for (const columns of [1, 2, 3, 4, 8]) {
      if (rows * columns > most) continue;
      const tall = kind === "broadcast" ? 1 : LANE_ROWS;
      const tiles = Math.ceil(m / (rows * tall)) * tall * Math.ceil(n / (LANES * columns));
      const cost = tiles * (k * costOf(kind, rows, columns) + 40 * rows * columns + 400);
      if (cost < least) {
        least = cost;
        best = { kind, rows, columns, depth };
      }
    }
  }
  return best;
}

/** An invocation's sums, at most: the more, the fewer reads, but the longer it takes to compile (a second for 256). */
function mostSums(kind: Plan["kind"], work: number): number {
  if (work < 2 ** 15) return 8;
  if (work < 2 ** 18) return 32;
  return work < MUCH || kind === "registers" ? 64 : 256;
}

/** Multiplications that are worth a second of compiling. */
const MUCH = 2 ** 22;

/** Workgroups that keep a GPU busy. */
const ENOUGH = 64;

/**
 * Nanoseconds per step along the inner dimension, measured on SwiftShader: 18 for a read, 2.3 for a broadcast, 1 for a
 * multiplication and addition, and 0.6 for each sum that the loop carries on.
 */
function costOf(kind: Plan["kind"], rows: number, columns: number): number {
  const reads = columns + (kind === "broadcast" ? rows / 4 : rows);
  return 18 * reads + (kind === "broadcast" ? 2.3 * rows : 0) + 1.6 * rows * columns + 8;
}

function kindFor(stream: Stream): Plan["kind"] {
  const software = softwareOf(stream);
  if (software === "gpu") {
    return stream.limits.maxComputeInvocationsPerWorkgroup >= SIDE * SIDE ? "shared" : "registers";
  }
  return software.hasFours ? "broadcast" : "registers";
}
