/** How many cases are drawn: a run may make a part of them only, where another makes all (tools/testing/plan.ts). */
import { setting } from "./setting.ts";

/** The run's part of so many draws of a property; at least one. */
export function shareOf(draws: number): number {
  return Math.ceil(draws * Number(setting("FLAMBEAU_DRAWS") ?? 1));
}

/** The cases that are drawn of each sample on the GPU; none where samples do not run there. */
export const gpuDraws: number = Number(setting("FLAMBEAU_GPU_DRAWS") ?? 3);
