/** The samples on a device: draws of each are run, read together, and compared with the CPU's float64. */
import fc from "fast-check";
import { Unsuitable } from "../samples/in-place.ts";
import { describeCase, type Sample } from "../samples/index.ts";
import { seed } from "../seed.ts";
import { type Actual, run } from "./actual.ts";
import { type Expected, expect, type Trial } from "./expected.ts";
import { isNear } from "./tolerance.ts";

interface Run {
  readonly trial: Trial;
  readonly expected: readonly Expected[];
  readonly actual: readonly Actual[];
}

/**
 * Draws so many cases of every sample, runs them all on a device, reads the results together and checks them.
 *
 * @returns how many cases there were.
 * @throws Error that names the element, the case and the seed; with it as `FLAMBEAU_SEED` the same is drawn again.
 */
export async function checkOn(
  device: string,
  samples: readonly Sample[],
  draws: number,
  tolerance: number,
  from: number = seed,
): Promise<number> {
  const runs: Run[] = [];
  for (const { cases, smooth, step } of samples) {
    for (const [c, number] of fc.sample(fc.tuple(cases, fc.nat()), { numRuns: draws, seed: from })) {
      try {
        const { trial, expected } = expect(c, number, { smooth, step });
        runs.push({ trial, expected, actual: run(trial, device) });
      } catch (error) {
        if (error instanceof Unsuitable) continue;
        throw new Error(`${String(error)}; ${describeCase(c)} (FLAMBEAU_SEED=${from})`, { cause: error });
      }
    }
  }
  for (const { trial, expected, actual } of await Promise.all(runs.map(read))) {
    const problem = compare(expected, actual, tolerance);
    if (problem !== null) throw new Error(`${problem}; ${describeCase(trial.case)} (FLAMBEAU_SEED=${from})`);
  }
  return runs.length;
}

interface Read {
  readonly what: string;
  readonly values: readonly number[];
}

async function read({
  trial,
  expected,
  actual,
}: Run): Promise<{ trial: Trial; expected: readonly Expected[]; actual: Read[] }> {
  const lists = await Promise.all(
    actual.map(async ({ what, tensors, combine }): Promise<Read> => {
      const elements = await Promise.all(tensors.map(async (x) => Array.from(await x.data(), Number)));
      return { what, values: combine === undefined ? elements.flat() : combine(elements) };
    }),
  );
  return { trial, expected, actual: lists };
}

function compare(expected: readonly Expected[], actual: readonly Read[], tolerance: number): string | null {
  for (const [k, { what, values }] of expected.entries()) {
    const got = actual[k];
    if (got?.what !== what) return `${got?.what ?? "nothing"} where ${what} should be`;
    if (got.values.length !== values.length)
      return `${what}: ${got.values.length} values, not ${values.length}`;
    for (let i = 0; i < values.length; i++) {
      if (!isNear(got.values[i], values[i], tolerance))
        return `${what}: element ${i} is ${got.values[i]}, should be ${values[i]}`;
    }
  }
  return null;
}
