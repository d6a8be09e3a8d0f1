import { normalBlocks } from "@flambeau/cpu-backend";
import { provideTransform } from "./normal.ts";

/**
 * Computes normal samples of float32 by the SIMD kernel from now on: the same bits, sooner. Functions that create tensors of them
 * call it, not `draw.normal` itself: the method `normal_` is in every download, and the kernel is not.
 */
export function useSimdNormal(): void {
  provideTransform(normalBlocks);
}
