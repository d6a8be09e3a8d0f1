/**
 * What the figures are held against. A ratio is the other library's time over ours: 2 is twice as fast.
 *
 * @module
 */
import type { Device, LibraryId } from "./libraries.ts";
import { medianOf, type Result, ratio } from "./results.ts";

export type Target = {
  readonly works: RegExp;
  /** The CPU, unless told. */
  readonly device?: Device;
} & ({ readonly against: LibraryId; readonly atLeast: number } | { readonly under: number });

export const targets: readonly Target[] = [
  { works: /^chapter\//, against: "torch", atLeast: 8 },
  { works: /^mlp\/784-128-10$/, against: "torch", atLeast: 1 },
  { works: /^mlp\/784-128-10$/, against: "jax-jit", atLeast: 2 },
  { works: /^mlp\/784-128-10$/, against: "tfjs", atLeast: 10 },
  { works: /^cnn\//, against: "torch", atLeast: 0.8 },
  // An OpenBLAS on 256-bit vectors with fused multiply-add has twice our arithmetic: 0.6 would be all there is.
  { works: /^matmul\/(512|1024)$/, against: "torch", atLeast: 0.55 },
  { works: /^matmul\/(512|1024)$/, against: "jax-jit", atLeast: 2 },
  { works: /^matmul\/(512|1024)$/, against: "tfjs", atLeast: 2 },
  { works: /^(tanh|gelu|softmax|layerNorm)\/1e[56]$/, against: "torch", atLeast: 1 },
  { works: /^exp\/1e[56]$/, against: "torch", atLeast: 0.6 },
  { works: /^(add|sum)\/1e[56]$/, against: "torch", atLeast: 0.8 },
  { works: /^first-result\/all$/, under: 80 },
  { works: /^download\/chapter$/, under: 80 },
  { device: "webgpu", works: /^mlp\/(2-5-1|784-128-10)$/, against: "jax-jit", atLeast: 3 },
  { device: "webgpu", works: /^matmul\/512$/, against: "jax-jit", atLeast: 3 },
];

/** A target and how a result stands to it. */
export interface Verdict {
  readonly target: Target;
  /** The ratio or the figure itself; undefined where one of the two could not be measured. */
  readonly reached: number | undefined;
  readonly met: boolean;
}

export function verdicts(result: Result, all: readonly Target[] = targets): Verdict[] {
  return (
    all
      .filter(({ works, device }) => works.test(result.id) && device === result.device)
      .map((target) => {
        const reached = "under" in target ? medianOf(result, "flambeau") : ratio(result, target.against);
        const met =
          reached !== undefined && ("under" in target ? reached < target.under : reached >= target.atLeast);
        return { target, reached, met };
      })
      // A peer that has no such figure sets no target.
      .filter(
        ({ target, reached }) => reached !== undefined || "under" in target || !lacks(result, target.against),
      )
  );
}

function lacks(result: Result, library: LibraryId): boolean {
  return medianOf(result, library) === undefined;
}
