import { normalBlocks } from "@flambeau/cpu-backend";
import { provideTransform } from "./normal.ts";

/**
 * Has normal samples of float32 be made by SIMD from now on, the same bits many times as fast. Functions that make tensors of them call it; the
 * method `normal_` is on every page, and the kernel need not be.
 */
export function useSimdNormal(): void {
  provideTransform(normalBlocks);
}
