import { wordsOf } from "@flambeau/backend";
import { fromArray } from "../making.ts";
import type { Tensor } from "../tensor.ts";

/**
 * The positions 0, 1, 2, ... on a device: int64. What `arange` has besides, a page without it does not load.
 *
 * @internal
 */
export function positions(count: number, device: string): Tensor {
  const out = new BigInt64Array(count);
  const words = wordsOf(out);
  for (let i = 0; i < count; i++) words[2 * i] = i;
  return fromArray(out, "int64", [count], { device });
}
