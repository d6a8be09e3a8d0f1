import type { ParamGroup } from "../group.ts";
import type { Optimizer } from "../optimizer.ts";

/** What of a group can be a momentum. */
interface Cycled {
  momentum?: number;
  betas?: readonly [number, number];
}

/** Whether an optimizer has a momentum, or a first beta, which is one. */
export function takesMomentum({ defaults }: Optimizer): boolean {
  return "momentum" in defaults || "betas" in defaults;
}

export function momentumOf(group: ParamGroup): number {
  const { betas, momentum } = group as Cycled;
  return betas?.[0] ?? momentum ?? 0;
}

export function setMomentum(group: ParamGroup, momentum: number): void {
  const cycled = group as Cycled;
  if (cycled.betas !== undefined) cycled.betas = [momentum, cycled.betas[1]];
  else cycled.momentum = momentum;
}
