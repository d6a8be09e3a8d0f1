import type { DType } from "@flambeau/backend";
import { LONG, valueType } from "./convert.ts";

/** The i-th word of the uniforms that `declarations` declares, a u32, as WGSL. */
export function uniform(i: number): string {
  return `u.w[${i >> 2}].${"xyzw"[i & 3]}`;
}

/** A kernel's params from their words, of which the first is the `first` of the uniforms: see `paramWords`. */
export function paramValues(first: number, count: number, compute: DType): string[] {
  const type = valueType(compute);
  return Array.from({ length: count }, (_, k) =>
    type === LONG
      ? `${LONG}(${uniform(first + 2 * k)}, ${uniform(first + 2 * k + 1)})`
      : `bitcast<${type}>(${uniform(first + k)})`,
  );
}
