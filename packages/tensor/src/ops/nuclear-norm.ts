import { ShapeError } from "@flambeau/backend";
import { named } from "../recorder.ts";
import type { Tensor } from "../tensor.ts";
import { sum } from "./reduce.ts";
import { type Dims, dimsOf, floatInput, type ReduceOptions } from "./reduction.ts";
import { svdvals } from "./svd.ts";
import { permute, unsqueeze } from "./views.ts";

/** The singular values of the matrices that lie along two dimensions, which are gone, of size k at the end. */
export function singularValuesAlong(x: Tensor, [rows, columns]: readonly number[]): Tensor {
  const others = x.shape.map((_, i) => i).filter((i) => i !== rows && i !== columns);
  return svdvals(permute(x, [...others, rows, columns]));
}

/** Puts reduced dimensions back, of size one. */
export function withDimsBack(x: Tensor, dims: readonly number[]): Tensor {
  return [...dims].sort((a, b) => a - b).reduce((out, d) => unsqueeze(out, d), x);
}

/**
 * The sum of the singular values of the matrices along two dimensions.
 *
 * @throws ShapeError when there are not two of them.
 */
export function nuclearNorm(x: Tensor, dim: Dims, options: ReduceOptions): Tensor {
  const from = floatInput("norm", x, options);
  const dims = dimsOf(x, dim);
  if (dims.length !== 2)
    throw new ShapeError(`norm: "nuc" is the norm of a matrix, along two dimensions; got ${dims.length}`);
  const total = sum(singularValuesAlong(from, dims), -1);
  return options.keepdim ? named(withDimsBack(total, dims), "SumBackward1") : total;
}
