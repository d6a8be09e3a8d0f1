import type { DType } from "@flambeau/backend";
import { GRID_PARAMETERS, GROUP } from "./dispatch.ts";
import { elementType } from "./storage.ts";
import { word } from "./strided.ts";

/** Elements that a workgroup sorts in its own memory, at most. */
export const PORTION = 1024;

/** What is sorted, and its order: by key, which for int64 has two words, then by position. */
export function itemCode(keys: DType): string {
  const isLong = keys === "int64";
  return `
struct Item { key: ${elementType(keys)}, place: u32 }
fn isBefore(a: Item, b: Item) -> bool {
  ${isLong ? "if (a.key.y != b.key.y) { return a.key.y < b.key.y; }" : ""}
  let x = a.key${isLong ? ".x" : ""};
  let y = b.key${isLong ? ".x" : ""};
  return x < y || (x == y && a.place < b.place);
}
`;
}

/**
 * A kernel that runs the steps of the sizes between uniforms 1 and 2 on portions of `within` elements of `b0` (keys) and
 * `b1` (positions). A
 * portion may hold several lines, of uniform 3 elements each, and some that are nobody's at the end.
 */
export function bitonic(within: number, sorters: number): string {
  return `
var<workgroup> items: array<Item, ${within}>;
@compute @workgroup_size(${sorters}) fn main(${GRID_PARAMETERS}) {
  let start = ${GROUP} * ${within}u;
  if (start >= ${word(0)}) { return; }
  for (var i = lane; i < ${within}u; i += ${sorters}u) {
    items[i] = Item(b0[start + i], b1[start + i]);
  }
  workgroupBarrier();
  for (var size = ${word(1)}; size <= ${word(2)}; size = size << 1u) {
    for (var step = min(size, ${within}u) >> 1u; step > 0u; step = step >> 1u) {
      for (var pair = lane; pair < ${within / 2}u; pair += ${sorters}u) {
        let i = (pair / step) * 2u * step + pair % step;
        let a = items[i];
        let b = items[i + step];
        if (isBefore(b, a) == ((((start + i) % ${word(3)}) & size) == 0u)) {
          items[i] = b;
          items[i + step] = a;
        }
      }
      workgroupBarrier();
    }
  }
  for (var i = lane; i < ${within}u; i += ${sorters}u) {
    b0[start + i] = items[i].key;
    b1[start + i] = items[i].place;
  }
}
`;
}
