import type { DType, Shape } from "@flambeau/backend";
import type { Attrs, StructuralOps } from "../ops/names.ts";
import type { Tensor } from "../tensor.ts";

/**
 * The primitive ops that are no elementwise formula.
 *
 * @internal
 */
export type PrimitiveName = keyof StructuralOps;

/**
 * A primitive op of one output in fresh memory: what to allocate, and the kernel that fills it. Its derivatives are the rule of
 * that name in `@flambeau/autograd`.
 *
 * @internal
 */
export interface Op<K extends PrimitiveName> {
  readonly name: K;
  /** The output's shape; refuses inputs that the op does not take. */
  readonly shape: (inputs: readonly Tensor[], attributes: Attrs<K>) => Shape;
  /** The output's dtype. */
  readonly dtype: (inputs: readonly Tensor[], attributes: Attrs<K>) => DType;
  /** Writes every element of the output. Tensors among the attributes that are kept for the derivative are filled too. */
  readonly run: (inputs: readonly Tensor[], attributes: Attrs<K>, output: Tensor) => void;
}

/** The parts of an `Op`. */
interface Parts<K extends PrimitiveName> {
  readonly shape: Op<K>["shape"];
  /** Left out, the dtype is that of the first input. */
  readonly dtype?: Op<K>["dtype"];
  readonly run: Op<K>["run"];
}

const dtypeOfFirst = (inputs: readonly Tensor[]): DType => inputs[0].dtype;

/**
 * The shape of the first input, for ops that keep it.
 *
 * @internal
 */
export const shapeOfFirst = (inputs: readonly Tensor[]): Shape => inputs[0].shape;

/**
 * All records have the same properties in the same order, so that `runOp` reads them from one hidden class.
 *
 * @internal
 */
export function defineOp<K extends PrimitiveName>(name: K, parts: Parts<K>): Op<K> {
  return { name, shape: parts.shape, dtype: parts.dtype ?? dtypeOfFirst, run: parts.run };
}

/**
 * A primitive op whose output shows the input's elements in another layout.
 *
 * @internal
 */
export interface ViewOp<K extends PrimitiveName> {
  readonly name: K;
  readonly view: (input: Tensor, attributes: Attrs<K>) => Tensor;
}

/** @internal */
export function defineView<K extends PrimitiveName>(name: K, view: ViewOp<K>["view"]): ViewOp<K> {
  return { name, view };
}

/**
 * A primitive op of several outputs.
 *
 * @internal
 */
export interface MultiOp<K extends PrimitiveName> {
  readonly name: K;
  /** The outputs: allocated, or views of the input. */
  readonly outputs: (inputs: readonly Tensor[], attributes: Attrs<K>) => readonly Tensor[];
  /** Writes every element of the outputs; null where they are views. */
  readonly run:
    | ((inputs: readonly Tensor[], attributes: Attrs<K>, outputs: readonly Tensor[]) => void)
    | null;
}

/** @internal */
export function defineMulti<K extends PrimitiveName>(
  name: K,
  outputs: MultiOp<K>["outputs"],
  run: MultiOp<K>["run"] = null,
): MultiOp<K> {
  return { name, outputs, run };
}
