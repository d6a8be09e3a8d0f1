/** What the programs of pages have in common: they make checks, each told as it is made, and say when they end. */
import type { Outcome } from "../../../tools/browser/page-test.ts";

interface Surroundings {
  readonly tell?: (outcome: Outcome) => unknown;
  readonly finish?: () => unknown;
  readonly postMessage: (message: unknown) => void;
  readonly location: { readonly search: string };
  readonly document?: unknown;
}

const here = globalThis as unknown as Surroundings;

export const isInWorker: boolean = here.document === undefined;

/** Makes one check, which tells what is wrong by throwing. */
export async function check(name: string, work: () => unknown): Promise<void> {
  try {
    await work();
    await tell({ name, state: "passed", message: "" });
  } catch (error) {
    await tell({ name, state: "failed", message: String((error as Error).stack ?? error) });
  }
}

/** A check that cannot be made here; where CI is "true", that is a failure. */
export async function skip(name: string, reason: string): Promise<void> {
  const isCi = new URLSearchParams(here.location.search).get("CI") === "true";
  await tell({ name, state: isCi ? "failed" : "skipped", message: reason });
}

export function finish(): void {
  if (here.finish !== undefined) here.finish();
  else here.postMessage("finish");
}

export function ensure(holds: boolean, problem: string): asserts holds {
  if (!holds) throw new Error(problem);
}

function tell(outcome: Outcome): unknown {
  return here.tell !== undefined ? here.tell(outcome) : here.postMessage(outcome);
}
