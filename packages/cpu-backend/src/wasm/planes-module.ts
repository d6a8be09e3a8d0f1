import type { ModuleBuilder } from "./codegen/assembler.ts";
import { exportCopy, exportShift } from "./plane-copies.ts";
import { exportAdd, exportCheck, exportScatter } from "./plane-sums.ts";

/**
 * A module's functions on one memory; addresses and distances are in bytes, everything else in elements. Those on planes run over images and
 * planes of each: `x` and `o` are addresses in the first plane.
 */
export interface PlaneKernels {
  /**
   * Planes of windows' elements: `x` under the first position inside, `o` at the first position. With `wide`, which needs four columns and a
   * `right` of one or two elements, rows are read from under their first position to under their last, inside or not.
   */
  readonly copy: (
    images: number,
    xImage: number,
    oImage: number,
    planes: number,
    x: number,
    xPlane: number,
    o: number,
    oPlane: number,
    down: number,
    right: number,
    rowStep: number,
    rows: number,
    rowFrom: number,
    rowTo: number,
    columns: number,
    columnFrom: number,
    columnTo: number,
    wide: number,
  ) => void;
  /**
   * The same where rows follow on each other without gaps, `columns` elements from one to the next in both: one run of
   * `count` elements between zeros `before` and `after` it, and then zeros in the `beside` elements between rows inside.
   */
  readonly shift: (
    images: number,
    xImage: number,
    oImage: number,
    planes: number,
    x: number,
    xPlane: number,
    o: number,
    oPlane: number,
    before: number,
    count: number,
    after: number,
    rows: number,
    columns: number,
    beside: number,
  ) => void;
  /** The positions inside alone: both addresses are those of the first, rows and columns count them. */
  readonly add: (
    images: number,
    xImage: number,
    oImage: number,
    planes: number,
    x: number,
    xPlane: number,
    o: number,
    oPlane: number,
    down: number,
    right: number,
    rowStep: number,
    rows: number,
    columns: number,
  ) => void;
  /** o[index] += x along rows. */
  readonly scatter: (
    rows: number,
    count: number,
    index: number,
    x: number,
    xRow: number,
    o: number,
    oRow: number,
  ) => void;
  /** 0 if one of `count` indices is not below `size`. */
  readonly check: (count: number, index: number, size: number) => number;
}

export function exportPlanes(module: ModuleBuilder): void {
  exportCopy(module);
  exportShift(module);
  exportAdd(module);
  exportScatter(module);
  exportCheck(module);
}
