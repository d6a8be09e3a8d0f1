import { type Generator, randperm } from "@flambeau/tensor";

/** The numbers from 0 to n - 1 in the order of `randperm`; that does not depend on the dtype they are drawn in. */
export function permutation(n: number, generator?: Generator): Int32Array {
  return randperm(n, { dtype: "int32", device: "cpu", generator }).dataSync() as Int32Array;
}
