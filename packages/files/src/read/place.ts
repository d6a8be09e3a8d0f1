import type { DType } from "@flambeau/backend";
import type { Input } from "../input/input.ts";

/** Where tensors are placed, and as what. */
export interface Placing {
  readonly device?: string | undefined;
  readonly dtype?: DType | undefined;
  readonly maxBytes?: number | undefined;
}

/** Reads what a file of one format holds. */
export type Reader = (input: Input, place: Placing) => Promise<unknown>;
