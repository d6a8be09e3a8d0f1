import { normalBlocks, simdDraws } from "@flambeau/cpu-backend";
import { provideTransform } from "./normal.ts";
import { provideBulk } from "./streams.ts";

let isInUse = false;

/**
 * Draws by the SIMD kernels from now on: the same bits, sooner. Functions that create tensors of random numbers call it, not the
 * draws themselves: methods such as `normal_` are in every download, and the kernels are not.
 *
 * @internal
 */
export function useSimdDraws(): void {
  if (isInUse) return;
  isInUse = true;
  provideTransform(normalBlocks);
  provideBulk(simdDraws());
}
