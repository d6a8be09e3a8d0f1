import type { Strided } from "./backend.ts";
import type { DType } from "./dtype.ts";
import type { MapKernel, RowKernel } from "./kernel.ts";

/**
 * What takes several kernels of the families in {@link Backend}, in one. A device offers those that save it time, and whoever
 * calls one has the several kernels for devices without it, or for operands that it answers false for: then it has
 * done nothing.
 */
export interface FusedKernels {
  /**
   * Computes the rows of `output`, `[rows, n]`, in float32. Inputs broadcast to the output. `results` take what the steps
   * made of each row: `[rows]` each, contiguous, or null.
   */
  rows(
    kernel: RowKernel,
    inputs: readonly Strided[],
    params: readonly number[],
    output: Strided,
    results: readonly (Strided | null)[],
  ): boolean;

  /** Maps with one kernel and the same params, none of which reads or writes what another one writes. */
  mapMany(
    kernel: MapKernel,
    compute: DType,
    items: readonly MapItem[],
    params: readonly (number | bigint)[],
  ): void;

  /** Copies inputs one after the other along `dim` of the output, whose other sizes are theirs. All are of one dtype. */
  join(inputs: readonly Strided[], dim: number, output: Strided): boolean;

  /**
   * The cross entropy of each row of logits `x` with its label, zero where that is ignored: the logarithm of the row's sum,
   * less the label's logit; writes the exponentials and sums of `rows` too.
   *
   * @throws IndexError as `gather`.
   */
  labelLosses(x: Strided, rows: LabelRows, losses: Strided): boolean;

  /**
   * The gradient by the logits of the sum of those losses over `divisor`, both it and `g` one number:
   * `(exps / sums - 1 at the label) g / divisor`, and zero where the label is ignored.
   */
  labelGradient(g: Strided, rows: LabelRows, divisor: Strided, output: Strided): boolean;
}

/** The operands of one map of several, as `map` takes them. */
export interface MapItem {
  /** What the kernel reads. */
  readonly inputs: readonly Strided[];
  /** What it writes; may be an input. */
  readonly outputs: readonly Strided[];
}

/** Rows of logits, with a label for each. */
export interface LabelRows {
  /** Along which dimension of the logits a row's classes lie. */
  readonly dim: number;
  /** The labels, of size 1 along `dim`. */
  readonly index: Strided;
  /** The label whose rows count nothing. */
  readonly ignored: number;
  /** The exponentials of the logits less their row's largest. */
  readonly exps: Strided;
  /** The sum of each row's exponentials, in the labels' shape. */
  readonly sums: Strided;
}
