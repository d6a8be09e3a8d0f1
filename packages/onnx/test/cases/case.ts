import type { OnnxOptions } from "@flambeau/onnx";
import type { Tensor } from "flambeau";
import type { Program } from "../runtime.ts";
import { wave } from "../runtime.ts";

/** A program of tensors, and its inputs for a size of the open axis. */
export interface Case {
  readonly run: Program;
  readonly inputs: (n: number) => readonly Tensor[];
  /** Which dimension of each input is the open one; null for none. Default the first. */
  readonly open?: readonly (number | null)[];
  readonly tolerance?: number;
  readonly options?: OnnxOptions;
}

export type Cases = Readonly<Record<string, Case>>;

type Run = (x: Tensor, ...rest: Tensor[]) => unknown;

/** A program of a matrix `[n, 6]`. */
export function of(run: Run, low = -2, high = 2): Case {
  return { run: run as Program, inputs: (n) => [wave([n, 6], "float32", low, high)] };
}

/** A program of two matrices `[n, 6]`. */
export function both(run: Run, low = -2, high = 2): Case {
  return {
    run: run as Program,
    inputs: (n) => [wave([n, 6], "float32", low, high), wave([n, 6], "float32", low + 0.1, high).flip([1])],
  };
}

/** A program of inputs of these shapes, whose first dimension is `n`. */
export function shaped(run: Run, ...rest: (readonly number[])[]): Case {
  return { run: run as Program, inputs: (n) => rest.map((sizes) => wave([n, ...sizes])) };
}

/** A program of whole numbers from `low` to `high`, `[n, 6]` each. */
export function whole(
  run: Run,
  dtype: "int64" | "int32" | "uint8" | "int16" | "int8" = "int64",
  low = -4,
  high = 5,
): Case {
  return {
    run: run as Program,
    inputs: (n) => [
      wave([n, 6], "float32", low, high).round().to(dtype),
      wave([n, 6], "float32", low, high).flip([1]).round().to(dtype),
    ],
  };
}
