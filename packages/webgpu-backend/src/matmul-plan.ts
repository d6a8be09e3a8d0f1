import { softwareOf } from "./software.ts";
import type { Stream } from "./stream.ts";

/**
 * How a product is divided.
 * - "shared": a workgroup of `SIDE` by `SIDE` invocations brings tiles of both operands to its own memory. For GPUs.
 * - "registers": invocations read straight from the operands. For adapters that run on a CPU, where a workgroup's memory
 *   is no nearer than any other, and a barrier is dear.
 * - "broadcast": the same in subgroups of four, whose invocations read four elements of a row of a in one go and hand
 *   them round.
 * - "streamed": such subgroups keep a part of b as a table of their own, whose places are known when the kernel is compiled,
 *   and let many rows of a go by. Sums over further parts are added up in the output.
 */
export interface Plan {
  readonly kind: "shared" | "registers" | "broadcast" | "streamed";
  /** Of the output, by invocation. */
  readonly rows: number;
  readonly columns: number;
  /** Steps along the inner dimension in one turn of the loop. */
  readonly depth: number;
}

/** What a plan is chosen by. */
export interface Task {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly batches: number;
  /** Whether unfinished sums can be kept in the output. */
  readonly keepsSums: boolean;
  /** Whether a product is a dozen instructions: then many of them in one program take too long to compile. */
  readonly isLong: boolean;
}

/** Invocations of a workgroup along each side of a shared tile, and elements of the inner dimension in it. */
export const SIDE = 16;
export const DEPTH = 16;
/** Invocations side by side that read consecutive columns, where nothing is shared: the width of a CPU's vectors. */
export const LANES = 4;
/** Of these below each other. */
export const LANE_ROWS = 4;

/** Chooses by the adapter and the shape, and whether to compute the transposed product instead. */
export function planFor(stream: Stream, task: Task): { readonly plan: Plan; readonly isTurned: boolean } {
  const { m, n } = task;
  const turned = { ...task, m: n, n: m };
  const software = softwareOf(stream);
  const isGpu = software === "gpu";
  if (isGpu && stream.limits.maxComputeInvocationsPerWorkgroup >= SIDE * SIDE) {
    // A few columns are better rows.
    const isTurned = n < 4 && m > n;
    return { plan: sharedPlan(isTurned ? turned : task), isTurned };
  }
  const kind = !isGpu && software.hasFours ? "broadcast" : "registers";
  const cores = isGpu ? ENOUGH : software.cores;
  const [straight, other] = [directPlan(kind, task, cores), directPlan(kind, turned, cores)];
  const isTurned = other.cost < straight.cost;
  return { plan: isTurned ? other.plan : straight.plan, isTurned };
}

function sharedPlan({ m, n, batches }: Task): Plan {
  const kind = "shared";
  for (const each of [4, 2]) {
    const tiles = Math.ceil(m / (SIDE * each)) * Math.ceil(n / (SIDE * each)) * batches;
    if (tiles >= ENOUGH) return { kind, rows: each, columns: each, depth: DEPTH };
  }
  return { kind, rows: 1, columns: 1, depth: DEPTH };
}

/** Workgroups that keep a GPU busy. */
const ENOUGH = 64;

interface Priced {
  readonly plan: Plan;
  /** In nanoseconds, until the last core is done. */
  readonly cost: number;
}

/** The cheapest by what its parts cost, as measured on SwiftShader. */
function directPlan(kind: "registers" | "broadcast", task: Task, cores: number): Priced {
  const { m, n, k, batches } = task;
  const work = task.isLong ? 0 : m * n * k * batches;
  const most = mostSums(kind, work);
  // What a loop carries on is dear: more steps a turn make it cheaper, and the program longer.
  const depth = work < MUCH || k < 64 ? 4 : 8;
  let best: Priced = { plan: { kind, rows: 1, columns: 1, depth }, cost: Number.POSITIVE_INFINITY };
  for (const rows of [1, 4, 8, 16, 32]) {
    for (const columns of [1, 2, 3, 4, 8]) {
      if (rows * columns > most) continue;
      const tall = kind === "broadcast" ? 1 : LANE_ROWS;
      const tiles = Math.ceil(m / (rows * tall)) * tall * Math.ceil(n / (LANES * columns)) * batches;
      const each = READ * (columns + (kind === "broadcast" ? rows / 4 : rows));
      const handed = kind === "broadcast" ? HANDED * rows : 0;
      const sums = rows * columns * (SUM + CARRIED / depth);
      const cost =
        (Math.ceil(tiles / cores) + UNEVEN) * (k * (each + handed + sums + 8) + 40 * rows * columns + BEGIN);
      if (cost < best.cost) best = { plan: { kind, rows, columns, depth }, cost };
    }
  }
  if (kind === "registers") return best;
  const size = tableSize(work);
  for (const depth of DEPTHS) {
    const parts = Math.ceil(k / depth);
    if (parts > 1 && !task.keepsSums) continue;
    for (const columns of [4, 8, 16]) {
      if (depth * columns > size) continue;
      const right = Math.ceil(n / (LANES * columns));
      const fill = depth * columns * (READ + STORE + 5);
      const read = (depth / 4) * READ + depth * HANDED;
      const row = read + depth * columns * SUM + columns * (parts > 1 ? READ + STORE : STORE) + 20;
      for (const split of [1, 2, 4, 8, 16]) {
        const rows = Math.ceil(m / split);
        const groups = Math.ceil(m / rows) * right * batches;
        const cost = (Math.ceil(groups / cores) + UNEVEN) * (parts * (fill + rows * row) + BEGIN);
        if (cost < best.cost) best = { plan: { kind: "streamed", rows, columns, depth }, cost };
      }
    }
  }
  return best;
}

/** Nanoseconds of a vector of four invocations: reading and storing an element each, and handing one of them round. */
const READ = 15;
const STORE = 20;
const HANDED = 2.3;
/** A multiplication and addition, and a sum carried on by a turn of a loop. */
const SUM = 0.35;
const CARRIED = 3;
/** A workgroup. */
const BEGIN = 400;
/** How much of a workgroup's time cores wait for the last one: small workgroups share out better. */
const UNEVEN = 0.25;

/** Multiplications that are worth half a second of compiling. */
const MUCH = 2 ** 22;

/** An invocation's sums, at most: the more, the fewer reads, but the longer it takes to compile (a second for 256). */
function mostSums(kind: Plan["kind"], work: number): number {
  if (work < 2 ** 15) return 8;
  if (work < 2 ** 18) return 32;
  return work < MUCH || kind === "registers" ? 64 : 256;
}

/** Inner steps whose elements of b are kept. */
const DEPTHS = [16, 32, 64, 112];
/** Elements of b that an invocation keeps, at most: a thousand take half a second to compile, and half of the nearest cache. */
function tableSize(work: number): number {
  if (work < 2 ** 15) return 0;
  return work < 2 ** 18 ? 128 : work < MUCH ? 512 : 1024;
}
