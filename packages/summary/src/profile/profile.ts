import { quote, ValueError } from "@flambeau/backend";
import { type Args, bind, type Callable, callable, dispatch, registerOpHook, showAs } from "@flambeau/tensor";
import { averagesOf, type ProfileAverage } from "./average.ts";
import { Collector, type ProfileEvent } from "./event.ts";
import { tableOf } from "./text.ts";

const TABLE = "table(sortBy?: string, rowLimit = 100, *, groupByInputShape = false)";
const KEY_AVERAGES = "keyAverages(groupByInputShape = false)";

/** The columns by which a table of a {@link Profile} is sorted. */
export type ProfileColumn = "cpuTime" | "cpuTimeTotal" | "selfCpuTimeTotal" | "selfMemoryUsage" | "count";

interface TableTypes {
  readonly sortBy: ProfileColumn;
}

const COLUMNS: readonly string[] = [
  "cpuTime",
  "cpuTimeTotal",
  "selfCpuTimeTotal",
  "selfMemoryUsage",
  "count",
] satisfies readonly ProfileColumn[];

/**
 * What `profile` found; its text is the table, which `console.log` shows.
 *
 * @example
 * ```ts
 * import { ones, profile } from "flambeau";
 *
 * const prof = await profile(() => ones([2, 3]).matmul(ones([3, 2])).sum());
 * console.log(prof.keyAverages().map(({ key, count, selfMemoryUsage }) => `${key} ${count} ${selfMemoryUsage}`));
 * // [ 'full 2 48', 'matmul 1 16', 'sum 1 4' ]
 * ```
 */
export class Profile {
  /** Every run of an op, in the order in which they ended. */
  readonly events: readonly ProfileEvent[];
  /**
   * Whether an op ran on a device that computes on its own time, such as WebGPU: then times say how long the host took to submit
   * the ops, and nothing of how long these ran.
   */
  readonly isAsync: boolean;

  constructor(events: readonly ProfileEvent[], isAsync: boolean) {
    this.events = events;
    this.isAsync = isAsync;
  }

  /**
   * The events of each name as one, in the order of the first; if `groupByInputShape`, those of each name and shapes of operands,
   * which `recordShapes` has to have kept.
   *
   * @throws ValueError when shapes are wanted that were not recorded.
   */
  keyAverages(...args: Args<typeof KEY_AVERAGES>): ProfileAverage[] {
    const { groupByInputShape } = bind(KEY_AVERAGES, args);
    if (groupByInputShape && this.events.some(({ inputShapes }) => inputShapes === null))
      throw new ValueError("keyAverages: the shapes were not recorded; profile with { recordShapes: true }");
    return averagesOf(this.events, groupByInputShape);
  }

  /**
   * The averages as PyTorch's profiler prints them, in the order of their first events or by a column, the largest first.
   *
   * @throws ValueError when there is no such column, `rowLimit` is no integer from 0, or as `keyAverages`.
   */
  table(...args: Args<typeof TABLE, TableTypes>): string {
    const { sortBy, rowLimit, groupByInputShape } = bind<typeof TABLE, TableTypes>(TABLE, args);
    if (sortBy !== undefined && !COLUMNS.includes(sortBy))
      throw new ValueError(`table has no column ${quote(sortBy)}; its columns are ${COLUMNS.join(", ")}`);
    if (!Number.isInteger(rowLimit) || rowLimit < 0)
      throw new ValueError(`table: rowLimit is an integer from 0; got ${quote(rowLimit)}`);
    const averages = this.keyAverages({ groupByInputShape });
    const total = averages.reduce((sum, row) => sum + row.selfCpuTimeTotal, 0);
    if (sortBy !== undefined) averages.sort((a, b) => b[sortBy] - a[sortBy]);
    return tableOf(averages.slice(0, rowLimit), total, this.isAsync);
  }

  /** The table of all averages. */
  toString(): string {
    return this.table();
  }
}

/** The class as consoles show it. A constant and no statement, so that pages without `profile` load neither. */
const Shown: typeof Profile = shown();

function shown(): typeof Profile {
  showAs(Profile.prototype);
  return Profile;
}

const PROFILE = "profile(body, *, recordShapes = false, withModules = false, clock?: function)";

interface Types {
  /** What is profiled; if it gives a promise, until that settles. */
  readonly body: () => unknown;
  readonly clock: () => number;
}

/**
 * Runs `body` and finds which ops ran, how often, how long and how much memory they took, after PyTorch's `torch.profiler.profile`.
 * Backward passes and optimizers are seen as the kernels they run. While it waits for a promise, ops of other tasks are seen too.
 *
 * Times are microseconds of the host. On a device that computes on its own time they are those of submitting the ops; see
 * `Profile.isAsync`. Looking at ops takes time itself, some of which falls to what encloses them.
 *
 * @throws what `body` throws.
 *
 * @example
 * ```ts
 * import { nn, profile, randn } from "flambeau";
 *
 * const model = new nn.Sequential(new nn.Linear(8, 4), new nn.ReLU(), new nn.Linear(4, 1));
 * const x = randn([16, 8]);
 * const prof = await profile(() => model(x).sum().backward(), { recordShapes: true });
 * console.log(prof.keyAverages().map(({ key, count }) => `${key}: ${count}`).join(", "));
 * // linear: 2, relu_: 1, sum: 1, full: 1, reshape: 1, expand: 1, linearBackward: 2, reluBackward: 1
 * const longest = prof.table({ sortBy: "selfCpuTimeTotal", rowLimit: 3 });
 * console.log(longest.split("\n").length);
 * // 8
 * ```
 */
export const profile: Callable<typeof PROFILE, Promise<Profile>, Types> = callable<
  typeof PROFILE,
  Promise<Profile>,
  Types
>(PROFILE, async (body, { recordShapes, withModules, clock }) => {
  const collector = new Collector(recordShapes, withModules, clock ?? dispatch.now);
  const handle = registerOpHook((call, execute) => collector.see(call, execute), { keeps: false });
  try {
    await body();
  } finally {
    handle.remove();
  }
  return new Shown(collector.events, collector.isAsync);
});
