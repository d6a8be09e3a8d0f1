/**
 * Tensors: creation, operations, indexing, printing and random numbers.
 *
 * @module
 */
import "./methods.ts";
import "./refusals.ts";

export { getNumThreads, setNumThreads } from "@flambeau/cpu-backend";
export { bind, bindAll, unknownOption } from "./call/bind.ts";
export { callable, Form, formsOf, overloaded, withOptions } from "./call/callable.ts";
export type { Kinds } from "./call/kinds.ts";
export type { Labels } from "./call/labels.ts";
export { groups, schemaOf } from "./call/schema.ts";
export type { Args, Bound, BoundNames, Callable, MethodOf, Overloaded, Requiring } from "./call/signature.ts";
export * from "./creation.ts";
export { getDefaultDType, setDefaultDType } from "./defaults.ts";
export { describeValue, isForeign } from "./describe.ts";
export { backendOf, registerBackend, unregisterBackend } from "./device.ts";
export { installDevtoolsFormatters } from "./devtools.ts";
export { commonBackend } from "./dispatch/devices.ts";
export { kernelOf, kernelParam } from "./dispatch/elementwise.ts";
export * as dispatch from "./dispatch/index.ts";
export {
  type ModuleCall,
  type OpCall,
  type OpHook,
  type OpHookOptions,
  registerOpHook,
} from "./dispatch/observe.ts";
export { record } from "./dispatch/record.ts";
export {
  type BinaryOp,
  binaryOp,
  type Derivative,
  type Elementwise,
  type Formula,
  type TernaryOp,
  ternaryOp,
  type UnaryOp,
  unaryOp,
  type Values,
} from "./elementwise.ts";
export * from "./inspect.ts";
export * as lifetime from "./lifetime.ts";
export { like, type TensorOptions } from "./making.ts";
export type { Methods } from "./methods.ts";
export { isNamedTuple, type NamedTuple, namedTuple } from "./named-tuple.ts";
export { decodeNpy, encodeNpy } from "./npy/index.ts";
export { fromNpy, toNpy } from "./npy.ts";
export { isFloatingPoint } from "./ops/about.ts";
export * from "./ops/aliases.ts";
export * from "./ops/arithmetic.ts";
export * as attention from "./ops/attention/index.ts";
export * from "./ops/clamp.ts";
export * from "./ops/close.ts";
export * from "./ops/combine.ts";
export * from "./ops/compare.ts";
export * as convolution from "./ops/convolution.ts";
export { clone, contiguous } from "./ops/copy.ts";
export * from "./ops/count.ts";
export * from "./ops/counts-drawn.ts";
export * as logits from "./ops/cross-entropy.ts";
export * from "./ops/draws.ts";
export * from "./ops/einsum.ts";
export * from "./ops/extremes.ts";
export * from "./ops/gather.ts";
export { computeOnHost } from "./ops/host-matrices.ts";
export * from "./ops/index-along.ts";
export type { Index } from "./ops/index-expression.ts";
export { at, maskedSelect, set } from "./ops/indexing.ts";
export * from "./ops/join.ts";
export { cat as concat, cat as concatenate, vstack as rowStack } from "./ops/join.ts";
export * as linalg from "./ops/linalg.ts";
// By themselves, so that a page with one of them does not load the others.
export {
  lstsq as leastSquares,
  matrixNorm as normOfMatrices,
  svdvals as singularValues,
} from "./ops/linalg.ts";
export { linear } from "./ops/linear.ts";
export * as linearDerivative from "./ops/linear-gradient.ts";
export * from "./ops/math.ts";
export * from "./ops/matmul.ts";
export type * from "./ops/names.ts";
export { nonzero } from "./ops/nonzero.ts";
export { writeOver } from "./ops/overwrite.ts";
export * from "./ops/parts.ts";
export * from "./ops/pointwise.ts";
export { positions } from "./ops/positions.ts";
export * from "./ops/products.ts";
export { type Interpolation, quantileOf } from "./ops/quantile-of.ts";
export * from "./ops/quantiles.ts";
export * from "./ops/random.ts";
export type { NestedValues } from "./ops/reading.ts";
export * from "./ops/rearrange.ts";
export * as recurrence from "./ops/recurrent/index.ts";
export * from "./ops/reduce.ts";
export type { Dims, ReduceOptions } from "./ops/reduction.ts";
export * from "./ops/repeat.ts";
export * from "./ops/rounding.ts";
export * from "./ops/scan.ts";
export * from "./ops/search.ts";
export * from "./ops/slice.ts";
export * from "./ops/softmax.ts";
export * as softmaxDerivative from "./ops/softmax-gradient.ts";
export * from "./ops/sort.ts";
export * as standardization from "./ops/standardize.ts";
export * from "./ops/statistics.ts";
export { thinSvd } from "./ops/svd.ts";
export * from "./ops/triangle.ts";
export * from "./ops/views.ts";
export * from "./ops/where.ts";
export * as windows from "./ops/windows.ts";
export { getPrintOptions, type PrintOptions, setPrintOptions } from "./printing/index.ts";
export { resultType } from "./promotion.ts";
export {
  checkGenerator,
  defaultGenerator,
  Generator,
  getRngState,
  initialSeed,
  Mt19937,
  manualSeed,
  seed,
  setRngState,
} from "./random/index.ts";
export { useSimdDraws } from "./random/simd-draws.ts";
export * from "./recorder.ts";
export { showAs } from "./show.ts";
export { type Operand, type Scalar, Tensor } from "./tensor.ts";
export * from "./typed.ts";
export * from "./values.ts";
